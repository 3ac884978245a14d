// Adam with the gradient a [m, k] · b [k, n]: rows of the product update their parameters while they are in the cache.
#include "core/gemm/adam.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Attributes product = op.attributes.part("matmul");
  const Tensor &left = op.inputs[gradientInput], &right = op.inputs[gradientInput + 1];
  const bool transposeA = product.flag("transposeA");
  const Matrix a{viewOf(left, transposeA)};
  const MatrixView b = viewOf(right, product.flag("transposeB"));
  const GemmShape shape{op.outputs[0].shape[0], op.outputs[0].shape[1], left.shape[transposeA ? 0 : 1]};
  const Gather gather{shape.k > deepBlockDepth ? context.floats(op.outputs[0].size()) : nullptr, shape.n};
  return withAdam(op, shape.n, context, [&](const ApplyAdam& apply) {
    return gemm(shape, a, b, context.threads, gather, apply);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
