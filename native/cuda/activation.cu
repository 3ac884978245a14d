// y = f(x), element by element, f from the table of activations.
#include "core/activations.cuh"
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Value {
  Activation activation;
  __device__ float operator()(float x) const { return activation.value(x); }
};
}  // namespace

Kernel activation(const Instruction& op, const Context&) { return elementwise(op, Value{activationOf(op.attributes)}); }

}  // namespace cuda_gan::cuda
