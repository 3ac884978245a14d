// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group: for each group and phase of the strides the product of patches of dy with the part of the kernel that they meet.
#include "core/convolution.h"
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dInputGradient(const Instruction& op, const Context& context) {
  const Tensor &dy = op.inputs[0], &dx = op.outputs[0];
  const Convolution convolution = convolutionOf(op.attributes, dx, op.inputs[1].floats(), dy);
  const auto& [vertical, horizontal, groups] = convolution.geometry;
  const int64_t inputs = convolution.inputs, outputs = convolution.outputs;
  const int64_t groupInputs = convolution.groupInputs(), groupOutputs = convolution.groupOutputs();
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  Kernel result;
  for (int64_t group = 0; group < groups; group++) {
    for (const Phase1d& rows : phasesOf(vertical)) {
      for (const Phase1d& columns : phasesOf(horizontal)) {
        KernelTaps kernel{{}, outputs, groupOutputs};
        for (int64_t ky : rows.kernels)
          for (int64_t kx : columns.kernels)
            kernel.taps.push_back(convolution.kernel + (ky * horizontal.kernel + kx) * groupInputs * outputs + group * groupOutputs);
        const Patches patches{dy.floats() + group * groupOutputs, convolution.images, outputs, groupOutputs, rows.places, columns.places};
        const PhaseSink sink{dx.floats() + (rows.first * horizontal.input + columns.first) * inputs + group * groupInputs,
                             rows.places.places, columns.places.places, convolution.geometry.inputPlaces() * inputs,
                             vertical.stride * horizontal.input * inputs, horizontal.stride * inputs};
        const GemmShape shape{patches.rows(), groupInputs, patches.columns()};
        result = result + gemm(shape, PatchRows{patches}, kernel, context.threads, sink, nothing);
      }
    }
  }
  return result;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
