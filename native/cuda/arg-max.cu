// Index of the largest element of every row, as a float; the first one wins a tie.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct ArgMax {
  const float* x;
  float* y;
  int64_t length;
  __device__ void operator()(int64_t i) const {
    const float* row = x + i * length;
    int64_t best = 0;
    for (int64_t j = 1; j < length; j++)
      if (row[j] > row[best]) best = j;
    y[i] = static_cast<float>(best);
  }
};
}  // namespace

Kernel argMax(const Instruction& op, const Context&) {
  const Tensor& x = op.inputs[0];
  return forEach(x.rows(), ArgMax{x.floats(), op.outputs[0].floats(), x.columns()});
}

}  // namespace cuda_gan::cuda
