// Adam with the gradient of a convolution's kernel: each tile of it updates its parameters, and never sees memory, unless its
// depth is cut in pieces.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

Kernel conv2dKernelGradientAdam(const Instruction& op, const Context& context) {
  const AdamSink sink{adamOf(op, op.attributes.part("adam"))};
  const Tensor &x = op.inputs[gradientInput], &dy = op.inputs[gradientInput + 1];
  return sinkConv2dKernelGradient(x, dy, op.attributes.part("conv2dKernelGradient"), sink, context);
}

}  // namespace cuda_gan::cuda
