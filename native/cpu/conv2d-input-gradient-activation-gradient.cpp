// dx = conv2dInputGradient · f'(y), with f' by y = f(x): tiles of the gradient are multiplied by the slopes before they are stored.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dInputGradientActivationGradient(const Instruction& op, const Context& context) {
  const Attributes activation = op.attributes.part("activationGradient");
  const Tensor &dy = op.inputs[0], &kernel = op.inputs[1], &dx = op.outputs[0];
  const auto slope = withActivation(activation, [](auto f) { return &slopeOf<decltype(f)>; });
  const SlopeEnd end{op.inputs[2].floats(), dx.floats(), static_cast<float>(activation.number("alpha")), slope};
  return convolveBack(dy, kernel, dx, op.attributes.part("conv2dInputGradient"), end, context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
