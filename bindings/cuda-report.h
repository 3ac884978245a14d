// What there is of CUDA on this machine.
#pragma once
#include <napi.h>

namespace cuda_gan::bindings {

// cudaMissing(): why there is no cuda device, empty when there is one.
Napi::Value cudaMissing(const Napi::CallbackInfo& info);

// cudaReport(): GPU, versions and libraries, as a plain object.
Napi::Value cudaReport(const Napi::CallbackInfo& info);

}  // namespace cuda_gan::bindings
