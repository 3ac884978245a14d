// y = e^(x - max) / Σ e^(x - max) over every row.
#include "core/rows.cuh"

namespace cuda_gan::cuda {

namespace {
struct Softmax {
  const float* x;
  float* y;
  int64_t length;
  __device__ void operator()(int64_t row, int lane) const {
    const float* from = x + row * length;
    float* to = y + row * length;
    const float largest = maxOfRow(from, length, lane);
    const float sum = sumOfRow(length, lane, [&](int64_t j) { return to[j] = expf(from[j] - largest); });
    for (int64_t j = lane; j < length; j += warpLanes) to[j] /= sum;
  }
};
}  // namespace

Kernel softmax(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEachRow(y.rows(), Softmax{op.inputs[0].floats(), y.floats(), y.columns()});
}

}  // namespace cuda_gan::cuda
