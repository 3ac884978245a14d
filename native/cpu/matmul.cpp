// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed.
#include "core/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmul(const Instruction& op, const Context& context) {
  const bool transposeA = op.flag("transposeA"), transposeB = op.flag("transposeB");
  const MatrixView a = viewOf(op.inputs[0], transposeA), b = viewOf(op.inputs[1], transposeB);
  const int64_t m = op.outputs[0].shape[0], n = op.outputs[0].shape[1];
  const int64_t k = op.inputs[0].shape[transposeA ? 0 : 1];
  float* y = op.outputs[0].floats();
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  if (!transposeB) return gemm({m, n, k}, a, b, context.threads, RowMajorSink{y, n}, nothing);
  // Yᵀ = B · Aᵀ: b is read along its rows, and only the smaller a is packed.
  const MatrixView bt{b.data, b.columnStride, b.rowStride}, at{a.data, a.columnStride, a.rowStride};
  return gemm({n, m, k}, bt, at, context.threads, TransposedSink{y, n}, nothing);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
