// y = x / (1 - rate) where the element's uniform number is ≥ rate, else 0.
#include "core/dropout.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel dropout(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  return dropoutOf(op, op.outputs[0].floats(), [](const auto& kept, Vec value) { return kept(value); }, x);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
