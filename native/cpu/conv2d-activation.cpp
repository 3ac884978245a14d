// f(conv2d + bias), bias [out], or f(normalised conv2d): the end is applied to tiles of y before they are stored.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dActivation(const Instruction& op, const Context& context) {
  const Attributes convolution = op.attributes.part("conv2d");
  return withEnd(op, context, [&](const auto& end) {
    return convolve(op.inputs[0], op.inputs[1], op.outputs[0], convolution, end, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
