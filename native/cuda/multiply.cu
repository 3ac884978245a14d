// y = a · b, with NumPy's broadcasting.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Multiply {
  __device__ float operator()(float a, float b) const { return a * b; }
};
}  // namespace

Kernel multiply(const Instruction& op, const Context&) { return binary(op, Multiply{}); }

}  // namespace cuda_gan::cuda
