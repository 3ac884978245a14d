// y = a - b, with NumPy's broadcasting.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Subtract {
  __device__ float operator()(float a, float b) const { return a - b; }
};
}  // namespace

Kernel subtract(const Instruction& op, const Context&) { return binary(op, Subtract{}); }

}  // namespace cuda_gan::cuda
