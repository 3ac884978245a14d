// What there is of CUDA on this machine.
#pragma once
#include <napi.h>

namespace cuda_gan::bindings {

// gpuCount(): how many GPUs the driver shows.
Napi::Value gpuCount(const Napi::CallbackInfo& info);

// cudaMissing(gpu): why that GPU is no cuda device, empty when it is one.
Napi::Value cudaMissing(const Napi::CallbackInfo& info);

// cudaReport(gpu): the GPU, versions and libraries, as a plain object.
Napi::Value cudaReport(const Napi::CallbackInfo& info);

}  // namespace cuda_gan::bindings
