// y = -1, 0 or 1, element by element.
#include "core/elementwise.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Sign {
  __device__ float operator()(float x) const { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
};
}  // namespace

Kernel sign(const Instruction& op, const Context&) { return unary(op, Sign{}); }

}  // namespace cuda_gan::cuda
