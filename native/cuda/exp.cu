// y = eˣ, element by element.
#include "core/elementwise.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Exp {
  __device__ float operator()(float x) const { return expf(x); }
};
}  // namespace

Kernel exp(const Instruction& op, const Context&) { return unary(op, Exp{}); }

}  // namespace cuda_gan::cuda
