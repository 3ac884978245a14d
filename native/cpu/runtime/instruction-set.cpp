#include "instruction-set.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace cuda_gan::cpu {

namespace baseline {
const KernelTable& kernels();
}
#if defined(__x86_64__) || defined(_M_X64)
namespace avx2 {
const KernelTable& kernels();
}
namespace avx512 {
const KernelTable& kernels();
}
#endif

std::vector<InstructionSet> availableInstructionSets() {
  std::vector<InstructionSet> sets;
#if defined(__x86_64__) || defined(_M_X64)
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

std::string processorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

// Cores by Linux' numbering of packages and cores, as far as this process may use them; elsewhere hardware threads.
int physicalCores() {
  std::ifstream file("/proc/cpuinfo");
  std::set<std::pair<int, int>> cores;
  int package = 0;
  for (std::string line; std::getline(file, line);) {
    const auto value = [&] { return std::atoi(line.c_str() + line.find(':') + 1); };
    if (line.rfind("physical id", 0) == 0) package = value();
    if (line.rfind("core id", 0) == 0) cores.insert({package, value()});
  }
  const int usable = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return cores.empty() ? usable : std::min(usable, static_cast<int>(cores.size()));
}

}  // namespace cuda_gan::cpu
