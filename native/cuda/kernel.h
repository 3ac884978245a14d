// What a kernel is on the cuda device: launches, one after the other, each of blocks that run one body.
#pragma once
#include <cuda_runtime_api.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "../program/program.h"
#include "settings.h"

namespace cuda_gan::cuda {

// Where a run stands. Lies on the device; every graph ends by counting its steps.
struct RunState {
  uint64_t step;  // number of the step, from which random numbers are counted
  uint64_t slot;  // place of the step's outputs in the ring
};

// A step of a graph: how far it is behind the one that `first` tells of, which all steps of the graph read.
struct CurrentStep {
  const RunState* first;
  uint64_t offset;
};

// Blocks of one body. Launches that have the same `enqueue` and do not depend on each other go to the GPU as one.
struct Launch {
  using Enqueue = void (*)(const std::vector<const Launch*>& launches, cudaStream_t stream);
  Enqueue enqueue;
  size_t capacity;  // how many launches `enqueue` takes
  int64_t blocks;
  std::shared_ptr<const void> body;
  size_t parameterBytes = 0;  // that a graph keeps for such launches; of a library's it is not known
  bool waits = false;  // its kernel waits itself for those before it, and so may come to the GPU before they have ended
};

using Kernel = std::vector<Launch>;

// What a kernel may know of where it runs.
struct Context {
  Precision precision;
  std::function<CurrentStep()> step;  // the one that is run; who asks has a kernel of its own in each step of a graph
  cudaStream_t stream;  // the one that will run the kernels
  std::function<void*(size_t bytes)> workspace;  // device memory that lives as long as the executable
  std::function<void(const std::string&)> remark;  // see Executable::remarks
  // As many bytes as `from` has of what `make(memory)` computes from it alone: computed once, for all that ask for it by that
  // name until `from` is written again.
  std::function<float*(const std::string& name, const Tensor& from, const std::function<Kernel(float*)>& make)> derived;
};

// Makes the kernel of an instruction: a function of the op's name, in a file of its name.
using KernelFactory = Kernel (*)(const Instruction& instruction, const Context& context);
using KernelTable = std::unordered_map<std::string, KernelFactory>;

const KernelTable& kernels();

}  // namespace cuda_gan::cuda
