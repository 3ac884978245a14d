// dx of dy and the kernel: see core/conv2d.h.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dInputGradient(const Instruction& op, const Context& context) {
  return convolveBack(op.inputs[0], op.inputs[1], op.outputs[0], op.attributes, ConvolutionEnd<Linear>{}, context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
