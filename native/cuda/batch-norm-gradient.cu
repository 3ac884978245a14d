// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/columns.cuh"

namespace cuda_gan::cuda {

namespace {
struct BatchNormGradient {
  const float *x, *gamma, *means, *variances, *dy;
  float *dx, *dgammas, *dbetas;
  int64_t rows, width;
  float epsilon;

  __device__ void operator()(int64_t column, bool inside) const {
    const float mean = inside ? means[column] : 0.0f;
    const float inverse = inside ? 1.0f / sqrtf(variances[column] + epsilon) : 0.0f;
    const auto h = [&](int64_t row) { return (x[row * width + column] - mean) * inverse; };
    const auto slope = [&](int64_t row) { return inside ? dy[row * width + column] : 0.0f; };
    const float dbeta = sumOfRows(rows, slope);
    const float dgamma = sumOfRows(rows, [&](int64_t row) { return inside ? slope(row) * h(row) : 0.0f; });
    if (!inside) return;
    const float n = static_cast<float>(rows), scale = gamma[column] * inverse;
    forOwnRows(rows, [&](int64_t row) {
      dx[row * width + column] = (slope(row) - dbeta / n - h(row) * (dgamma / n)) * scale;
    });
    if (threadIdx.x >= warpLanes) return;
    dgammas[column] = dgamma;
    dbetas[column] = dbeta;
  }
};
}  // namespace

Kernel batchNormGradient(const Instruction& op, const Context&) {
  const Tensor& x = op.inputs[0];
  const BatchNormGradient gradient{x.floats(), op.inputs[1].floats(), op.inputs[2].floats(), op.inputs[3].floats(),
                          op.inputs[4].floats(), op.outputs[0].floats(), op.outputs[1].floats(),
                          op.outputs[2].floats(), x.rows(), x.columns(), static_cast<float>(op.number("epsilon"))};
  return forEachColumn(x.columns(), gradient);
}

}  // namespace cuda_gan::cuda
