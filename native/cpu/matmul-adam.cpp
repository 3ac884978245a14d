// Adam with the gradient a [m, k] · b [k, n]: rows of the product update their parameters while they are in the cache.
#include "core/gemm/adam.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Attributes product = op.attributes.part("matmul");
  const Tensor &left = op.inputs[gradientInput], &right = op.inputs[gradientInput + 1];
  const bool transposeA = product.flag("transposeA");
  MatrixView a = viewOf(left, transposeA), b = viewOf(right, product.flag("transposeB"));
  GemmShape shape{op.outputs[0].shape[0], op.outputs[0].shape[1], left.shape[transposeA ? 0 : 1]};
  // A column is better a row, which is the same parameters: one tile has all of it.
  if (shape.n == 1) {
    std::swap(a, b);
    a = a.transposed();
    b = b.transposed();
    std::swap(shape.m, shape.n);
  }
  const Gather gather{shape.k > deepBlockDepth ? context.floats(op.outputs[0].size()) : nullptr, shape.n};
  return withAdam(op, shape.n, context, [&](const ApplyAdam& apply) {
    return gemm(shape, Matrix{a}, b, context.threads, gather, apply);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
