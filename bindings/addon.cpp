// The addon's exports: Device, and instructionSets() of this processor.
#include <napi.h>

#include "../native/cpu/runtime/instruction-set.h"
#include "buffer.h"
#include "constructors.h"
#include "device.h"
#include "executable.h"

namespace cuda_gan::bindings {

namespace {

Napi::Value instructionSets(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (const auto& set : cpu::availableInstructionSets()) names.Set(names.Length(), set.name);
  return names;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto* classes = new Constructors;
  env.SetInstanceData(classes);
  classes->buffer = Napi::Persistent(BufferHandle::define(env));
  classes->executable = Napi::Persistent(ExecutableHandle::define(env));
  classes->device = Napi::Persistent(DeviceHandle::define(env));
  exports.Set("Device", classes->device.Value());
  exports.Set("instructionSets", Napi::Function::New(env, instructionSets));
  return exports;
}

}  // namespace

}  // namespace cuda_gan::bindings

static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  return cuda_gan::bindings::initialize(env, exports);
}

NODE_API_MODULE(cuda_gan, initialize)
