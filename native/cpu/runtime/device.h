// The cpu device.
#pragma once
#include <memory>

#include "../../device.h"

namespace cuda_gan::cpu {

// `threads` 0 means all physical cores.
std::unique_ptr<Device> createDevice(int threads);

}  // namespace cuda_gan::cpu
