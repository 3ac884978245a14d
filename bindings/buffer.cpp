#include "buffer.h"

#include "constructors.h"
#include "guard.h"

namespace cuda_gan::bindings {

Napi::Function BufferHandle::define(Napi::Env env) {
  return DefineClass(env, "Buffer",
                     {InstanceMethod("write", &BufferHandle::write), InstanceMethod("read", &BufferHandle::read),
                      InstanceMethod("dispose", &BufferHandle::dispose)});
}

Napi::Object BufferHandle::create(Napi::Env env, std::shared_ptr<Buffer> buffer) {
  Napi::Object object = constructors(env).buffer.New({});
  // Tells the garbage collector what the small handle holds on to.
  Napi::MemoryManagement::AdjustExternalMemory(env, static_cast<int64_t>(buffer->ownBytes()));
  Unwrap(object)->buffer_ = std::move(buffer);
  return object;
}

void* BufferHandle::argument(const Napi::CallbackInfo& info) const {
  const Napi::Env env = info.Env();
  if (buffer_ == nullptr) throw codedError(env, "CUDA_GAN_STATE", "the buffer was disposed of");
  if (!info[0].IsTypedArray()) throw codedError(env, "CUDA_GAN_INTERNAL", "a typed array is wanted");
  const Napi::TypedArray array = info[0].As<Napi::TypedArray>();
  if (array.ByteLength() != buffer_->byteSize()) {
    throw codedError(env, "CUDA_GAN_SHAPE",
                     "the buffer has " + std::to_string(buffer_->byteSize()) + " bytes, the array " +
                         std::to_string(array.ByteLength()));
  }
  return static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

void BufferHandle::write(const Napi::CallbackInfo& info) {
  const void* source = argument(info);
  guard(info.Env(), [&] { buffer_->write(source, buffer_->byteSize()); });
}

void BufferHandle::read(const Napi::CallbackInfo& info) {
  void* target = argument(info);
  guard(info.Env(), [&] { buffer_->read(target, buffer_->byteSize()); });
}

void BufferHandle::dispose(const Napi::CallbackInfo& info) { Finalize(info.Env()); }

void BufferHandle::Finalize(Napi::BasicEnv env) {
  if (buffer_ == nullptr) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, -static_cast<int64_t>(buffer_->ownBytes()));
  buffer_.reset();
}

}  // namespace cuda_gan::bindings
