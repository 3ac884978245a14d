// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/columns.cuh"

namespace cuda_gan::cuda {

namespace {
struct BatchNorm {
  const float *x, *gamma, *beta;
  float *y, *means, *variances;
  int64_t rows, width;
  float epsilon;

  __device__ void operator()(int64_t column, bool inside) const {
    const auto at = [&](int64_t row) { return inside ? x[row * width + column] : 0.0f; };
    const float n = static_cast<float>(rows);
    const float mean = sumOfRows(rows, at) / n;
    const float variance = sumOfRows(rows, [&](int64_t row) { return (at(row) - mean) * (at(row) - mean); }) / n;
    if (!inside) return;
    const float scale = gamma[column] / sqrtf(variance + epsilon), offset = beta[column];
    forOwnRows(rows, [&](int64_t row) { y[row * width + column] = (at(row) - mean) * scale + offset; });
    if (threadIdx.x >= warpLanes) return;
    means[column] = mean;
    variances[column] = variance;
  }
};
}  // namespace

Kernel batchNorm(const Instruction& op, const Context&) {
  const Tensor& x = op.inputs[0];
  const BatchNorm normalize{x.floats(), op.inputs[1].floats(), op.inputs[2].floats(),
                            op.outputs[0].floats(), op.outputs[1].floats(), op.outputs[2].floats(),
                            x.rows(), x.columns(), static_cast<float>(op.number("epsilon"))};
  return forEachColumn(x.columns(), normalize);
}

}  // namespace cuda_gan::cuda
