// What a kernel is on the cpu device: phases of independent tasks, which the thread team shares out.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "../program/program.h"

namespace cuda_gan::cpu {

// Scratch memory of every thread, for packed panels and partial results.
constexpr size_t scratchBytes = 7 << 18;

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

// Phases that do not depend on each other, as one.
inline Kernel together(const Kernel& phases) {
  Phase all{0, nullptr};
  for (const Phase& phase : phases) all.tasks += phase.tasks;
  all.run = [phases](int64_t begin, int64_t end, const StepContext& context) {
    int64_t first = 0;
    for (const Phase& phase : phases) {
      const int64_t from = std::max(begin - first, int64_t{0}), until = std::min(end - first, phase.tasks);
      if (from < until) phase.run(from, until, context);
      first += phase.tasks;
    }
  };
  return {all};
}

// What a kernel may know of where it runs.
struct Context {
  int threads;  // a hint for cutting work up; it must not change any sum's order
  std::function<void*(size_t bytes)> workspace;  // zero-filled memory that lives as long as the executable

  float* floats(int64_t count) const { return static_cast<float*>(workspace(static_cast<size_t>(count) * sizeof(float))); }
};

// Makes the kernel of an instruction: a function of the op's name, in a file of its name.
using KernelFactory = Kernel (*)(const Instruction& instruction, const Context& context);
using KernelTable = std::unordered_map<std::string, KernelFactory>;

}  // namespace cuda_gan::cpu
