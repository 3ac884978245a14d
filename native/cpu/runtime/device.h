// The cpu device.
#pragma once
#include <memory>
#include <string>

#include "../../device.h"

namespace cuda_gan::cpu {

// An empty `instructionSet` means the best that the processor has. Throws std::invalid_argument when it has no such
// set.
std::unique_ptr<Device> createDevice(int threads, const std::string& instructionSet);

}  // namespace cuda_gan::cpu
