// y = √x, element by element.
#include "core/elementwise.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Sqrt {
  __device__ float operator()(float x) const { return sqrtf(x); }
};
}  // namespace

Kernel sqrt(const Instruction& op, const Context&) { return unary(op, Sqrt{}); }

}  // namespace cuda_gan::cuda
