// Adam (Kingma & Ba 2015): m ← β1 m + (1 - β1) g;  v ← β2 v + (1 - β2) g²;
// p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε).
#include "core/adam.cuh"
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Update {
  Adam adam;
  const float* gradient;
  __device__ void operator()(int64_t i) const { adam.update<1>({i}, {gradient[i]}, {true}, adam.rate()); }
};
}  // namespace

Kernel adam(const Instruction& op, const Context&) {
  return forEach(op.inputs[0].size(), Update{adamOf(op, op.attributes), op.inputs[gradientInput].floats()});
}

}  // namespace cuda_gan::cuda
