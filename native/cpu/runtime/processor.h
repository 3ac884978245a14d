// What the processor is called.
#pragma once
#include <string>

namespace cuda_gan::cpu {

std::string processorName();

}  // namespace cuda_gan::cpu
