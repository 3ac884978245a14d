// v ← v + weight · (x - v), from the nearer end, so that a weight of 1 makes v the same bits as x.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Lerp {
  const float* weight;
  __device__ float operator()(float from, float to) const {
    const float share = *weight;
    return share < 0.5f ? from + share * (to - from) : to - (1.0f - share) * (to - from);
  }
};
}  // namespace

Kernel lerp(const Instruction& op, const Context&) { return pairwise(op, Lerp{op.inputs[2].floats()}); }

}  // namespace cuda_gan::cuda
