// y = min(a, b), with NumPy's broadcasting. NaN where either is.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Minimum {
  __device__ float operator()(float a, float b) const { return a < b || a != a ? a : b; }
};
}  // namespace

Kernel minimum(const Instruction& op, const Context&) { return binary(op, Minimum{}); }

}  // namespace cuda_gan::cuda
