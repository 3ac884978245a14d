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

// The one of that name, or the best for "". Throws std::invalid_argument when it is not available.
InstructionSet chooseInstructionSet(const std::string& wanted);

}  // namespace cuda_gan::cpu
