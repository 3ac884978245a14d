// The end of a step: its outputs go to the ring, and the step is counted.
#pragma once
#include "../kernel.h"

namespace cuda_gan::cuda {

// Copies `output` to `ring + slot · stride`.
Kernel record(const Tensor& output, char* ring, size_t stride, const RunState* state);

Kernel advance(RunState* state);

}  // namespace cuda_gan::cuda
