// Which kernels this processor runs.
#pragma once
#include <string>
#include <vector>

#include "../kernel.h"

namespace cuda_gan::cpu {

struct InstructionSet {
  std::string name;  // "avx512", "avx2", "baseline"
  const KernelTable* kernels;
};

// What this processor has of what was built, best first.
std::vector<InstructionSet> availableInstructionSets();

// The best one, or the one that CUDA_GAN_ISA names. Throws std::invalid_argument when that is not available.
InstructionSet chooseInstructionSet();

std::string processorName();
int physicalCores();

}  // namespace cuda_gan::cpu
