// y = f(conv2d(x, kernel) + bias); bias and f are applied on the way to memory.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

Kernel conv2dActivation(const Instruction& op, const Context& context) {
  const Tensor& y = op.outputs[0];
  const auto sink = biasActivationIn(y, op.inputs[2], op.attributes.part("activation"));
  return sinkConv2d(op.inputs[0], op.inputs[1], y, op.attributes.part("conv2d"), sink, context);
}

}  // namespace cuda_gan::cuda
