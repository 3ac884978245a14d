// y = |x|, element by element.
#include "core/elementwise.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Abs {
  __device__ float operator()(float x) const { return fabsf(x); }
};
}  // namespace

Kernel abs(const Instruction& op, const Context&) { return unary(op, Abs{}); }

}  // namespace cuda_gan::cuda
