// What a kernel is on the cpu device: phases of independent tasks, which the thread team shares out.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "../program/program.h"

namespace cuda_gan::cpu {

// Scratch memory of every thread, for packed panels and partial results.
constexpr size_t scratchBytes = 1 << 20;

// What a task may know of where and when it runs. Results must not depend on the thread.
struct StepContext {
  uint64_t step;
  float* scratch;  // this thread's own `scratchBytes`
};

// Tasks [0, tasks) run in any order on any thread; the next phase starts when all are done.
struct Phase {
  int64_t tasks;
  std::function<void(int64_t begin, int64_t end, const StepContext& context)> run;
};

using Kernel = std::vector<Phase>;

inline Kernel operator+(Kernel a, const Kernel& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Makes the kernel of an instruction. `threads` is a hint for cutting work up; it must not change any sum's order.
using KernelFactory = Kernel (*)(const Instruction& instruction, int threads);
using KernelTable = std::unordered_map<std::string, KernelFactory>;

}  // namespace cuda_gan::cpu
