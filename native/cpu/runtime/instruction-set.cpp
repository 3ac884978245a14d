#include "instruction-set.h"

#include <stdexcept>

namespace cuda_gan::cpu {

namespace baseline {
const KernelTable& kernels();
}
#if defined(__x86_64__)
namespace avx2 {
const KernelTable& kernels();
}
namespace avx512 {
const KernelTable& kernels();
}
#endif

std::vector<InstructionSet> availableInstructionSets() {
  std::vector<InstructionSet> sets;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw")) {
    sets.push_back({"avx512", &avx512::kernels()});
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back({"avx2", &avx2::kernels()});
#endif
  sets.push_back({"baseline", &baseline::kernels()});
  return sets;
}

InstructionSet chooseInstructionSet(const std::string& wanted) {
  const auto sets = availableInstructionSets();
  if (wanted.empty()) return sets.front();
  std::string names;
  for (const auto& set : sets) {
    if (set.name == wanted) return set;
    names += (names.empty() ? "" : ", ") + set.name;
  }
  throw std::invalid_argument("CUDA_GAN_ISA is \"" + wanted + "\"; this processor has: " + names);
}

}  // namespace cuda_gan::cpu
