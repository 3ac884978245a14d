// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/batch-norm-gradient.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNormGradient(const Instruction& op, const Context& context) {
  const auto in = [&](size_t i) { return op.inputs[i].floats(); };
  const NormalizedInput input{in(0), in(1), nullptr, in(2), in(3), static_cast<float>(op.number("epsilon"))};
  return gradientOfBatchNorm(input, GivenGradient{in(4)}, op, context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
