// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters, and never sees memory.
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Product product = productOf(op, gradientInput, op.attributes.part("matmul"));
  const AdamSink sink{adamOf(op, op.attributes.part("adam"))};
  if (isThin(product.extent)) return thinProduct(product, sink);
  const MatrixFactors factors(product);
  return product.extent.k <= narrowRows ? gemmOf<Shallow>(factors, sink, context)
                                        : gemmOf<Wide>(factors, sink, context);
}

}  // namespace cuda_gan::cuda
