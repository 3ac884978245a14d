// Adam with the gradient of a convolution's kernel: each tile of it updates its parameters while it is in registers.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradientAdam(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[gradientInput], &dy = op.inputs[gradientInput + 1];
  const Attributes attributes = op.attributes.part("conv2dKernelGradient");
  const Convolution convolution = convolutionOf(attributes, x, op.inputs[0].floats(), dy);
  const int64_t depth = convolution.images * convolution.geometry.outputPlaces();
  return withAdam(op, convolution.outputs, depth, context, [&](const AdamSink& sink) {
    return convolveForKernel(convolution, x, dy, [&](int64_t column) { return sink.from(column); }, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
