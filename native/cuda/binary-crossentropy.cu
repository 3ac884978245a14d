// max(z, 0) - t·z + ln(1 + e^-|z|), element by element.
#include "core/activations.cuh"
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct BinaryCrossentropy {
  __device__ float operator()(float z, float t) const { return softplus(z) - t * z; }
};
}  // namespace

Kernel binaryCrossentropy(const Instruction& op, const Context&) { return pairwise(op, BinaryCrossentropy{}); }

}  // namespace cuda_gan::cuda
