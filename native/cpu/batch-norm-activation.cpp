// f(batchNorm), in the pass over x that normalises it.
#include "core/batch-norm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNormActivation(const Instruction& op, const Context& context) {
  return withActivation(op.attributes.part("activation"), [&](auto f) {
    return batchNormThen(f, op, op.attributes.part("batchNorm"), context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
