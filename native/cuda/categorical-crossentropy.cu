// Σ t · (logsumexp(z) - z) over every row.
#include "core/rows.cuh"

namespace cuda_gan::cuda {

namespace {
struct CategoricalCrossentropy {
  const float *logits, *targets;
  float* y;
  int64_t length;

  __device__ void operator()(int64_t row, int lane) const {
    const float *z = logits + row * length, *t = targets + row * length;
    const float largest = maxOfRow(z, length, lane);
    const float logSum = logf(sumOfRow(length, lane, [&](int64_t j) { return expf(z[j] - largest); }));
    const float loss = sumOfRow(length, lane, [&](int64_t j) { return t[j] * (logSum - (z[j] - largest)); });
    if (lane == 0) y[row] = loss;
  }
};
}  // namespace

Kernel categoricalCrossentropy(const Instruction& op, const Context&) {
  const Tensor& logits = op.inputs[0];
  return forEachRow(logits.rows(), CategoricalCrossentropy{logits.floats(), op.inputs[1].floats(), op.outputs[0].floats(),
                                                logits.columns()});
}

}  // namespace cuda_gan::cuda
