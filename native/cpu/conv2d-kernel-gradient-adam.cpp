// Adam with the gradient of a convolution's kernel: rows of it update their parameters while they are in
// the cache.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradientAdam(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[gradientInput], &dy = op.inputs[gradientInput + 1];
  const Attributes attributes = op.attributes.part("conv2dKernelGradient");
  const Convolution convolution = convolutionOf(attributes, x, op.inputs[0].floats(), dy);
  const int64_t depth = convolution.images * convolution.geometry.outputPlaces();
  return withAdam(op, convolution.outputs, depth, context, [&](const Gather& gather, const ApplyAdam& apply) {
    const auto gatherFrom = [&](int64_t column) {
      return Gather{gather.partial == nullptr ? nullptr : gather.partial + column, gather.stride};
    };
    const auto applyFrom = [&](int64_t column) { return ApplyAdam{apply.state, apply.rate, apply.stride, column}; };
    return convolveForKernel(convolution, x, dy, gatherFrom, applyFrom, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
