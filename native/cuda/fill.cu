// y = value in every element.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Fill {
  float value;
  float* y;
  __device__ void operator()(int64_t i) const { y[i] = value; }
};
}  // namespace

Kernel fill(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEach(y.size(), Fill{static_cast<float>(op.number("value")), y.floats()});
}

}  // namespace cuda_gan::cuda
