// counter ← counter + 1.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Increment {
  int32_t* counter;
  __device__ void operator()(int64_t i) const { counter[i]++; }
};
}  // namespace

Kernel increment(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(), Increment{op.outputs[0].integers()});
}

}  // namespace cuda_gan::cuda
