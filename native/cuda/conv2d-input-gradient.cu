// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of
// the group.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

Kernel conv2dInputGradient(const Instruction& op, const Context& context) {
  const Tensor& dx = op.outputs[0];
  return sinkConv2dInputGradient(op.inputs[0], op.inputs[1], dx, op.attributes, storeIn(dx), context);
}

}  // namespace cuda_gan::cuda
