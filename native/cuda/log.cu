// y = ln x, element by element.
#include "core/elementwise.cuh"
#include "kernels.h"

namespace cuda_gan::cuda {

namespace {
struct Log {
  __device__ float operator()(float x) const { return logf(x); }
};
}  // namespace

Kernel log(const Instruction& op, const Context&) { return unary(op, Log{}); }

}  // namespace cuda_gan::cuda
