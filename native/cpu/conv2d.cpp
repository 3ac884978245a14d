// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group: for each group the product of the patches of x with the kernel.
#include "core/convolution.h"
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2d(const Instruction& op, const Context& context) {
  const Convolution convolution = convolutionOf(op.attributes, op.inputs[0], op.inputs[1].floats(), op.outputs[0]);
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  Kernel kernel;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const Patches patches = convolution.patchesOfInput(op.inputs[0].floats(), group);
    const RowMajorSink sink{op.outputs[0].floats() + group * convolution.groupOutputs(), convolution.outputs};
    const GemmShape shape{patches.rows(), convolution.groupOutputs(), patches.columns()};
    kernel = kernel + gemm(shape, PatchRows{patches}, convolution.kernelOf(group), context.threads, sink, nothing);
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
