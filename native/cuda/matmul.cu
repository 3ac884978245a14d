// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed.
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

namespace {
struct Store {
  float* y;
  int64_t stride;
  __device__ void operator()(int64_t row, int64_t column, float sum) const { y[row * stride + column] = sum; }
};
}  // namespace

Kernel matmul(const Instruction& op, const Context& context) {
  const Product product = productOf(op, 0, op.attributes);
  float* y = op.outputs[0].floats();
  if (const auto kernel = libraryProduct(product, nullptr, y, context)) return *kernel;
  return gemm(product, EachElement<Store>{{y, product.extent.n}}, context);
}

}  // namespace cuda_gan::cuda
