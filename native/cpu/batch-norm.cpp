// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/batch-norm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNorm(const Instruction& op, const Context& context) {
  return batchNormThen(Linear{}, op, op.attributes, context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
