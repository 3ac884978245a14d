// The ends of steps, whose outputs go to the ring, and of a graph, which counts its steps.
#pragma once
#include "../kernel.h"

namespace cuda_gan::cuda {

// Copies `output` to `ring + slot · stride`.
Kernel record(const Tensor& output, char* ring, size_t stride, CurrentStep step);

// Counts the steps of a graph, when all that read the state are done.
Kernel advance(RunState* state, uint64_t steps);

// What CUDA answers when it is asked for one of this build's kernels on the current GPU: whether it can run them there.
cudaError_t askForKernel();

}  // namespace cuda_gan::cuda
