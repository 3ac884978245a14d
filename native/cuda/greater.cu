// y = a > b as 1 or 0, with NumPy's broadcasting.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Greater {
  __device__ float operator()(float a, float b) const { return a > b ? 1.0f : 0.0f; }
};
}  // namespace

Kernel greater(const Instruction& op, const Context&) { return binary(op, Greater{}); }

}  // namespace cuda_gan::cuda
