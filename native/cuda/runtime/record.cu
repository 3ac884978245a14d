#include "record.h"

#include "../core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {

// Copies bytes of an output to this step's place in the ring.
struct Record {
  const char* output;
  char* ring;
  int64_t stride;
  CurrentStep step;
  __device__ void operator()(int64_t i) const {
    ring[static_cast<int64_t>(step.first->slot + step.offset) * stride + i] = output[i];
  }
};

struct Advance {
  RunState* state;
  uint64_t steps;
  __device__ void operator()(int64_t) const {
    state->step += steps;
    state->slot += steps;
  }
};

}  // namespace

Kernel record(const Tensor& output, char* ring, size_t stride, CurrentStep step) {
  const auto size = static_cast<int64_t>(output.byteSize());
  return forEach(size, Record{static_cast<const char*>(output.data), ring, static_cast<int64_t>(stride), step});
}

Kernel advance(RunState* state, uint64_t steps) { return forEach(1, Advance{state, steps}); }

cudaError_t askForKernel() {
  cudaFuncAttributes attributes;
  return cudaFuncGetAttributes(&attributes, runBodies<ForEach<Advance>>);
}

}  // namespace cuda_gan::cuda
