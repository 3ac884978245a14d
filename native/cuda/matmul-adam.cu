// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters, and never sees memory.
#include "core/gemm.cuh"
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Product product = productOf(op, gradientInput, op.attributes.part("matmul"));
  const Adam adam = adamOf(op, op.attributes.part("adam"));
  const auto& [m, n, k] = product.extent;
  const AdamSink sink{adam};
  if (isThin(product.extent)) return thinProduct(product, sink);
  const MatrixFactors factors(product);
  if (k > narrowRows) return gemmOf<Wide>(factors, sink, context);
  const MatrixView x{product.a.data, product.a.columnStride, product.a.rowStride};
  if (isInQuads(x, m) && isInQuads(product.b, n)) {
    const int64_t tiles = ceilDivide(m, ShallowUpdate::rows) * ceilDivide(n, ShallowUpdate::columns);
    return launch(ShallowUpdate{adam, x, product.b, product.extent}, tiles);
  }
  return gemmOf<Shallow>(factors, sink, context);
}

}  // namespace cuda_gan::cuda
