// dx = dy · f'(x), with f' by y = f(x).
#include "core/activations.cuh"
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct ActivationGradient {
  Activation activation;
  __device__ float operator()(float dy, float y) const { return dy * activation.slope(y); }
};
}  // namespace

Kernel activationGradient(const Instruction& op, const Context&) { return pairwise(op, ActivationGradient{activationOf(op.attributes)}); }

}  // namespace cuda_gan::cuda
