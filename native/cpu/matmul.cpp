// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed.
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmul(const Instruction& op, const Context& context) {
  const bool transposeA = op.flag("transposeA"), transposeB = op.flag("transposeB");
  const MatrixView a = viewOf(op.inputs[0], transposeA), b = viewOf(op.inputs[1], transposeB);
  const int64_t m = op.outputs[0].shape[0], n = op.outputs[0].shape[1];
  const int64_t k = op.inputs[0].shape[transposeA ? 0 : 1];
  float* y = op.outputs[0].floats();
  if (betterTransposed({m, n, k}, transposeA, transposeB)) {
    const Matrix left{b.transposed()};
    return gemm({n, m, k}, left, a.transposed(), context.threads, TransposedSink{y, n}, Nothing{});
  }
  return gemm({m, n, k}, Matrix{a}, b, context.threads, RowMajorSink{y, n}, Nothing{});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
