#include "device.h"

#include "buffer.h"
#include "constructors.h"
#include "decode-program.h"
#include "executable.h"
#include "guard.h"
#include "map-file.h"

namespace cuda_gan::bindings {

Napi::Function DeviceHandle::define(Napi::Env env) {
  return DefineClass(
      env, "Device",
      {InstanceAccessor<&DeviceHandle::description>("description"), InstanceAccessor<&DeviceHandle::threads>("threads"),
       InstanceMethod("allocate", &DeviceHandle::allocate), InstanceMethod("compile", &DeviceHandle::compile)});
}

Napi::Object DeviceHandle::create(Napi::Env env, std::unique_ptr<Device> device) {
  Napi::Object object = constructors(env).device.New({});
  Unwrap(object)->device_ = std::move(device);
  return object;
}

Napi::Value DeviceHandle::description(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), device_->description());
}

Napi::Value DeviceHandle::threads(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), device_->threads());
}

Napi::Value DeviceHandle::allocate(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = static_cast<size_t>(info[0].As<Napi::Number>().Int64Value());
  const Napi::TypedArray initial = info[1].As<Napi::TypedArray>();
  if (initial.ByteLength() != bytes) {
    throw codedError(env, "CUDA_GAN_SHAPE",
                     "the buffer has " + std::to_string(bytes) + " bytes, the array " + std::to_string(initial.ByteLength()));
  }
  const std::shared_ptr<FileMapping> mapping = mappingOf(initial.ArrayBuffer());
  return guard(env, [&] {
    if (mapping != nullptr) return BufferHandle::create(env, device_->adopt(mapping, initial.ByteOffset(), bytes));
    std::shared_ptr<Buffer> buffer = device_->allocate(bytes);
    buffer->write(static_cast<char*>(initial.ArrayBuffer().Data()) + initial.ByteOffset(), bytes);
    return BufferHandle::create(env, std::move(buffer));
  });
}

Napi::Value DeviceHandle::compile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Program program = decodeProgram(info[0].As<Napi::Object>());
  const Napi::Array handles = info[1].As<Napi::Array>();
  std::vector<std::shared_ptr<Buffer>> variables;
  for (uint32_t i = 0; i < handles.Length(); i++) {
    variables.push_back(BufferHandle::Unwrap(handles.Get(i).As<Napi::Object>())->buffer());
    if (variables.back() == nullptr) throw codedError(env, "CUDA_GAN_STATE", "a variable was disposed of");
  }
  return guard(env, [&] {
    return ExecutableHandle::create(env, device_->compile(program, std::move(variables)), runner_);
  });
}

}  // namespace cuda_gan::bindings
