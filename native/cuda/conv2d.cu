// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of
// the group.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

Kernel conv2d(const Instruction& op, const Context& context) {
  const Tensor& y = op.outputs[0];
  return sinkConv2d(op.inputs[0], op.inputs[1], y, op.attributes, storeIn(y), context);
}

}  // namespace cuda_gan::cuda
