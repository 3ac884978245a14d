// Adam with the gradient of a convolution's kernel: rows of it update their parameters while they are in
// the cache.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradientAdam(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[gradientInput], &dy = op.inputs[gradientInput + 1];
  const Attributes attributes = op.attributes.part("conv2dKernelGradient");
  const Convolution convolution = convolutionOf(attributes, x, op.inputs[0].floats(), dy);
  const RowMajorSink sums{context.floats(op.outputs[0].size()), convolution.outputs};
  return withAdam(op, convolution.outputs, context, [&](const ApplyAdam& apply) {
    const auto sumsFrom = [&](int64_t first) { return RowMajorSink{sums.c + first, sums.stride}; };
    const auto applyFrom = [&](int64_t first) { return ApplyAdam{apply.state, apply.rate, apply.stride, first}; };
    return convolveForKernel(convolution, x, dy, sumsFrom, applyFrom, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
