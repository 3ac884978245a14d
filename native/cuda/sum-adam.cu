// Adam with the gradient Σ x over all axes but the last: each column is summed and used up.
#include "core/adam.cuh"
#include "core/columns.cuh"

namespace cuda_gan::cuda {

namespace {
struct SumAndUpdate {
  Adam adam;
  const float* x;
  int64_t rows, width;

  __device__ void operator()(int64_t column, bool inside) const {
    const float gradient = sumOfRows(rows, [&](int64_t row) { return inside ? x[row * width + column] : 0.0f; });
    if (inside && threadIdx.x < warpLanes) adam.update<1>({column}, {gradient}, {true}, adam.rate());
  }
};
}  // namespace

Kernel sumAdam(const Instruction& op, const Context&) {
  const Tensor& x = op.inputs[gradientInput];
  return forEachColumn(x.columns(), SumAndUpdate{adamOf(op, op.attributes.part("adam")), x.floats(), x.rows(), x.columns()});
}

}  // namespace cuda_gan::cuda
