// y = x, int32 to float32: rounded to nearest beyond 2²⁴.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Cast {
  const int32_t* x;
  float* y;
  __device__ void operator()(int64_t i) const { y[i] = static_cast<float>(x[i]); }
};
}  // namespace

Kernel cast(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEach(y.size(), Cast{op.inputs[0].integers(), y.floats()});
}

}  // namespace cuda_gan::cuda
