// The ends of steps, whose outputs go to the ring, and of a graph, which counts its steps.
#pragma once
#include "../kernel.h"

namespace cuda_gan::cuda {

// Copies `output` to `ring + slot · stride`.
Kernel record(const Tensor& output, char* ring, size_t stride, CurrentStep step);

// Counts the steps of a graph, when all that read the state are done.
Kernel advance(RunState* state, uint64_t steps);

}  // namespace cuda_gan::cuda
