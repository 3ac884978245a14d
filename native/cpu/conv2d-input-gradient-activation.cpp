// f(conv2dInputGradient + bias), bias [in], or f of it normalised: what a transposed convolution computes.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dInputGradientActivation(const Instruction& op, const Context& context) {
  const Attributes convolution = op.attributes.part("conv2dInputGradient");
  return withEnd(op, context, [&](const auto& end) {
    return convolveBack(op.inputs[0], op.inputs[1], op.outputs[0], convolution, end, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
