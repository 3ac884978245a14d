// y[indices[i]] += x[i] over zeros, in the order of i; indices outside are left out. Shared out by columns, so that
// the order of every sum is fixed.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {

// The rows of one column.
struct ScatterAdd {
  const float* x;
  const int32_t* indices;
  float* y;
  int64_t count, rows, length;
  __device__ void operator()(int64_t column) const {
    for (int64_t row = 0; row < rows; row++) y[row * length + column] = 0;
    for (int64_t i = 0; i < count; i++) {
      const int64_t row = indices[i];
      if (row >= 0 && row < rows) y[row * length + column] += x[i * length + column];
    }
  }
};

}  // namespace

Kernel scatterAdd(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  if (y.size() == 0) return {};
  const int64_t rows = y.shape[0], length = y.size() / rows;
  return forEach(length, ScatterAdd{op.inputs[0].floats(), op.inputs[1].integers(), y.floats(), op.inputs[1].size(),
                                    rows, length});
}

}  // namespace cuda_gan::cuda
