// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters, and never sees memory.
#include "core/adam.cuh"
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

namespace {

struct AdamSink {
  Adam adam;

  template <class Shape>
  __device__ void put(float* tile, int64_t row, int64_t column, const Extent& extent) const {
    constexpr int batch = 4;  // parameters of a thread that are under way together
    static_assert(Shape::rows * Shape::columns % (batch * Shape::threads) == 0);
    const float rate = adam.rate();
    for (int first = threadIdx.x; first < Shape::rows * Shape::columns; first += batch * Shape::threads) {
      int64_t at[batch];
      float gradient[batch];
      bool inside[batch];
#pragma unroll
      for (int i = 0; i < batch; i++) {
        const int element = first + i * Shape::threads;
        const int64_t r = row + element / Shape::columns, c = column + element % Shape::columns;
        at[i] = r * extent.n + c;
        gradient[i] = tile[element];
        inside[i] = r < extent.m && c < extent.n;
      }
      adam.update(at, gradient, inside, rate);
    }
  }
};

}  // namespace

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Product product = productOf(op, gradientInput, op.attributes.part("matmul"));
  const AdamSink sink{adamOf(op, op.attributes.part("adam"))};
  return product.extent.k <= narrowRows ? gemmOf<Shallow>(product, sink, context) : gemmOf<Wide>(product, sink, context);
}

}  // namespace cuda_gan::cuda
