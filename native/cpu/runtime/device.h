// The cpu device.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "../../device.h"

namespace cuda_gan::cpu {

// An empty `instructionSet` means the best that the processor has. A program gets one thread for each `workPerThread`
// (work.h) in a step, and at least one; all of them where that is 0. Throws std::invalid_argument when the processor has
// no such set.
std::unique_ptr<Device> createDevice(int threads, const std::string& instructionSet, int64_t workPerThread);

}  // namespace cuda_gan::cpu
