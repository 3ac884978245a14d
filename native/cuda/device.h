// The cuda device, as bindings/ sees it. native/no_cuda/ has the same functions for builds without CUDA.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../device.h"
#include "libraries/search.h"
#include "settings.h"

namespace cuda_gan::cuda {

// How many GPUs the driver shows; they are counted from 0.
int gpuCount();

// Why that GPU is no cuda device, and what to do; empty when it is one.
std::string missing(int gpu);

// What `cuda-gan info` shows of a GPU besides. Versions are as NVIDIA writes them, "13.0"; empty where unknown.
struct Report {
  std::string gpu, computeCapability, driverVersion, runtimeVersion;
  size_t memoryBytes = 0;
  std::vector<LibraryReport> libraries;
};

Report report(int gpu);

// Of a GPU that is not missing(). Throws CodedError where it fails all the same.
std::unique_ptr<Device> createDevice(int gpu, const Settings& settings);

}  // namespace cuda_gan::cuda
