// y = a + b, with NumPy's broadcasting.
#include "core/box.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Add {
  __device__ float operator()(float a, float b) const { return a + b; }
};
}  // namespace

Kernel add(const Instruction& op, const Context&) { return binary(op, Add{}); }

}  // namespace cuda_gan::cuda
