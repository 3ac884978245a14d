#include "cuda-report.h"

#include "../native/cuda/device.h"
#include "guard.h"

namespace cuda_gan::bindings {

namespace {

Napi::Array arrayOf(Napi::Env env, const std::vector<std::string>& texts) {
  Napi::Array array = Napi::Array::New(env);
  for (const std::string& text : texts) array.Set(array.Length(), text);
  return array;
}

Napi::Object objectOf(Napi::Env env, const cuda::LibraryReport& library) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", library.name);
  object.Set("path", library.path);
  object.Set("version", library.version);
  object.Set("tried", arrayOf(env, library.tried));
  object.Set("refused", arrayOf(env, library.refused));
  return object;
}

}  // namespace

Napi::Value gpuCount(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), cuda::gpuCount()); }

Napi::Value cudaMissing(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), cuda::missing(info[0].As<Napi::Number>().Int32Value()));
}

Napi::Value cudaReport(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const cuda::Report report = guard(env, [&] { return cuda::report(info[0].As<Napi::Number>().Int32Value()); });
  Napi::Object object = Napi::Object::New(env);
  object.Set("gpu", report.gpu);
  object.Set("computeCapability", report.computeCapability);
  object.Set("driverVersion", report.driverVersion);
  object.Set("runtimeVersion", report.runtimeVersion);
  object.Set("memoryBytes", static_cast<double>(report.memoryBytes));
  Napi::Array libraries = Napi::Array::New(env);
  for (const auto& library : report.libraries) libraries.Set(libraries.Length(), objectOf(env, library));
  object.Set("libraries", libraries);
  return object;
}

}  // namespace cuda_gan::bindings
