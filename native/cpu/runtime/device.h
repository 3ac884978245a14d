// The cpu device.
#pragma once
#include <memory>
#include <string>

#include "../../device.h"

namespace cuda_gan::cpu {

// `threads` 0 means all physical cores, an empty `instructionSet` the best that the processor has. Throws
// std::invalid_argument when it has no such set.
std::unique_ptr<Device> createDevice(int threads, const std::string& instructionSet);

}  // namespace cuda_gan::cpu
