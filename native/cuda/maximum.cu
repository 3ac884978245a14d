// y = max(a, b), with NumPy's broadcasting. NaN where either is.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Maximum {
  __device__ float operator()(float a, float b) const { return a > b || a != a ? a : b; }
};
}  // namespace

Kernel maximum(const Instruction& op, const Context&) { return binary(op, Maximum{}); }

}  // namespace cuda_gan::cuda
