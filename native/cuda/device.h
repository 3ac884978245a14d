// The cuda device, as bindings/ sees it. native/no_cuda/ has the same functions for builds without CUDA.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../device.h"
#include "libraries/search.h"
#include "precision.h"

namespace cuda_gan::cuda {

// Why there is no cuda device, and what to do; empty when there is one.
std::string missing();

// What `cuda-gan info` shows besides. Versions are as NVIDIA writes them, "13.0"; empty where unknown.
struct Report {
  std::string gpu, computeCapability, driverVersion, runtimeVersion;
  size_t memoryBytes = 0;
  std::vector<LibraryReport> libraries;
};

Report report();

// Throws CodedError CUDA_GAN_NO_DEVICE where it is missing().
std::unique_ptr<Device> createDevice(Precision precision);

}  // namespace cuda_gan::cuda
