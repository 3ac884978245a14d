// What the processor is called, and how many cores of it there are.
#pragma once
#include <string>

namespace cuda_gan::cpu {

std::string processorName();

// Cores, not hardware threads, as far as this process may use them and the system tells; at least 1.
int physicalCores();

}  // namespace cuda_gan::cpu
