// The addon's exports: how to open a device, and what there is on this machine.
#include <napi.h>

#include "../native/cpu/runtime/cores.h"
#include "../native/cpu/runtime/device.h"
#include "../native/cpu/runtime/instruction-set.h"
#include "../native/cuda/device.h"
#include "buffer.h"
#include "constructors.h"
#include "cuda-report.h"
#include "device.h"
#include "executable.h"
#include "guard.h"
#include "keep-loaded.h"
#include "map-file.h"

namespace cuda_gan::bindings {

namespace {

Napi::Value instructionSets(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (const auto& set : cpu::availableInstructionSets()) names.Set(names.Length(), set.name);
  return names;
}

// cores(): what there are, and what this process may use.
Napi::Value cores(const Napi::CallbackInfo& info) {
  const auto [all, usable] = guard(info.Env(), [] { return cpu::countCores(); });
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("all", all);
  object.Set("usable", usable);
  return object;
}

// openCpu(threads, instructionSet, workPerThread): "" means the best set.
Napi::Value openCpu(const Napi::CallbackInfo& info) {
  const int threads = info[0].As<Napi::Number>().Int32Value();
  const std::string instructionSet = info[1].As<Napi::String>();
  const int64_t workPerThread = info[2].As<Napi::Number>().Int64Value();
  return guard(info.Env(), [&] {
    return DeviceHandle::create(info.Env(), cpu::createDevice(threads, instructionSet, workPerThread));
  });
}

// openCuda(gpu, precision, dependentLaunch)
Napi::Value openCuda(const Napi::CallbackInfo& info) {
  const int gpu = info[0].As<Napi::Number>().Int32Value();
  const std::string name = info[1].As<Napi::String>();
  const auto precision = name == "tf32" ? cuda::Precision::Tf32
                         : name == "bfloat16" ? cuda::Precision::BFloat16 : cuda::Precision::Float32;
  const cuda::Settings settings{precision, info[2].As<Napi::Boolean>()};
  return guard(info.Env(), [&] { return DeviceHandle::create(info.Env(), cuda::createDevice(gpu, settings)); });
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  keepLoaded();
  auto* classes = new Constructors;
  env.SetInstanceData(classes);
  classes->buffer = Napi::Persistent(BufferHandle::define(env));
  classes->executable = Napi::Persistent(ExecutableHandle::define(env));
  classes->device = Napi::Persistent(DeviceHandle::define(env));
  exports.Set("cores", Napi::Function::New(env, cores));
  exports.Set("openCpu", Napi::Function::New(env, openCpu));
  exports.Set("openCuda", Napi::Function::New(env, openCuda));
  exports.Set("gpuCount", Napi::Function::New(env, gpuCount));
  exports.Set("cudaMissing", Napi::Function::New(env, cudaMissing));
  exports.Set("cudaReport", Napi::Function::New(env, cudaReport));
  exports.Set("mapFile", Napi::Function::New(env, mapFile));
  exports.Set("instructionSets", Napi::Function::New(env, instructionSets));
  return exports;
}

}  // namespace

}  // namespace cuda_gan::bindings

static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  return cuda_gan::bindings::initialize(env, exports);
}

NODE_API_MODULE(cuda_gan, initialize)
