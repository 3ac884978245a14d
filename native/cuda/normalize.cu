// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with given mean and variance.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Normalize {
  const float *x, *gamma, *beta, *mean, *variance;
  float* y;
  int64_t width;
  float epsilon;
  __device__ void operator()(int64_t i) const {
    const int64_t column = i % width;
    y[i] = (x[i] - mean[column]) * (gamma[column] / sqrtf(variance[column] + epsilon)) + beta[column];
  }
};
}  // namespace

Kernel normalize(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEach(y.size(), Normalize{op.inputs[0].floats(), op.inputs[1].floats(), op.inputs[2].floats(),
                                     op.inputs[3].floats(), op.inputs[4].floats(), y.floats(), y.columns(),
                                     static_cast<float>(op.number("epsilon"))});
}

}  // namespace cuda_gan::cuda
