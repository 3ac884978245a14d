// y = a / b, with NumPy's broadcasting.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Divide {
  __device__ float operator()(float a, float b) const { return a / b; }
};
}  // namespace

Kernel divide(const Instruction& op, const Context&) { return binary(op, Divide{}); }

}  // namespace cuda_gan::cuda
