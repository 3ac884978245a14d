// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters while it is in registers.
#include "core/gemm/adam-sink.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const Attributes product = op.attributes.part("matmul");
  const Tensor &left = op.inputs[gradientInput], &right = op.inputs[gradientInput + 1];
  const bool transposeA = product.flag("transposeA");
  const Matrix a{viewOf(left, transposeA)};
  const MatrixView b = viewOf(right, product.flag("transposeB"));
  const GemmShape shape{op.outputs[0].shape[0], op.outputs[0].shape[1], left.shape[transposeA ? 0 : 1]};
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  return withAdam(op, shape.n, shape.k, context,
                  [&](const AdamSink& sink) { return gemm(shape, a, b, context.threads, sink, nothing); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
