// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and output places.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

Kernel conv2dKernelGradient(const Instruction& op, const Context& context) {
  return sinkConv2dKernelGradient(op.inputs[0], op.inputs[1], op.attributes, storeIn(op.outputs[0]), context);
}

}  // namespace cuda_gan::cuda
