// dkernel of x and dy: see core/conv2d.h.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradient(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[0], &dy = op.inputs[1];
  float* dkernel = op.outputs[0].floats();
  const Convolution convolution = convolutionOf(op.attributes, x, dkernel, dy);
  const auto sinkOf = [&](int64_t first) { return RowMajorSink{dkernel + first, convolution.outputs}; };
  return convolveForKernel(convolution, x, dy, sinkOf, [](int64_t) { return Nothing{}; }, context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
