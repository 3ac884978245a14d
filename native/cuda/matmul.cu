// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed.
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel matmul(const Instruction& op, const Context& context) {
  const Product product = productOf(op, 0, op.attributes);
  if (const auto kernel = libraryProduct(product, nullptr, op.outputs[0].floats(), context)) return *kernel;
  return gemm(product, storeIn(op.outputs[0]), context);
}

}  // namespace cuda_gan::cuda
