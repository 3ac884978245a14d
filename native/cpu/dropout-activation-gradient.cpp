// dx = dropout(dy) · f'(y), with f' by y = f(x): the gradient of a dropout after an activation.
#include "core/activations.h"
#include "core/dropout.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel dropoutActivationGradient(const Instruction& op, const Context&) {
  const float *dy = op.inputs[0].floats(), *y = op.inputs[1].floats();
  const Instruction dropout{"dropout", {}, op.outputs, op.attributes.part("dropout")};
  return withActivation(op.attributes.part("activationGradient"), [&](auto f) {
    const auto through = [f](const auto& kept, Vec gradient, Vec value) { return kept(gradient) * f.slope(value); };
    return dropoutOf(dropout, op.outputs[0].floats(), through, dy, y);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
