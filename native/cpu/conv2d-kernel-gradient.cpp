// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and output places: for each group the
// product of the transposed patches of x with dy.
#include "core/convolution.h"
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradient(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[0], &dy = op.inputs[1];
  float* dkernel = op.outputs[0].floats();
  const Convolution convolution = convolutionOf(op.attributes, x, dkernel, dy);
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  Kernel kernel;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const Patches patches = convolution.patchesOfInput(x.floats(), group);
    const MatrixView gradients{dy.floats() + group * convolution.groupOutputs(), convolution.outputs, 1};
    const RowMajorSink sink{dkernel + group * convolution.groupOutputs(), convolution.outputs};
    const GemmShape shape{patches.columns(), convolution.groupOutputs(), patches.rows()};
    kernel = kernel + gemm(shape, PatchColumns{patches}, gradients, context.threads, sink, nothing);
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
