// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group.
#include "../program/conv2d.h"
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dInputGradient(const Instruction& op, const Context&) {
  const float *dy = op.inputs[0].floats(), *kernel = op.inputs[1].floats();
  float* dx = op.outputs[0].floats();
  const auto [vertical, horizontal, groups] = conv2dOf(op.attributes);
  const int64_t inputs = op.outputs[0].shape[3], outputs = op.inputs[0].shape[3];
  const int64_t groupInputs = inputs / groups, groupOutputs = outputs / groups;
  const int64_t rows = op.outputs[0].shape[0] * vertical.input;
  return {{rows, [=, vertical = vertical, horizontal = horizontal](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t row = begin; row < end; row++) {
               const int64_t image = row / vertical.input, iy = row % vertical.input;
               for (int64_t ix = 0; ix < horizontal.input; ix++) {
                 float* to = dx + (row * horizontal.input + ix) * inputs;
                 std::fill(to, to + inputs, 0.0f);
                 for (int64_t ky = 0; ky < vertical.kernel; ky++) {
                   const int64_t oy = vertical.outputPlace(iy, ky);
                   for (int64_t kx = 0; oy >= 0 && kx < horizontal.kernel; kx++) {
                     const int64_t ox = horizontal.outputPlace(ix, kx);
                     if (ox < 0) continue;
                     const float* from = dy + ((image * vertical.output + oy) * horizontal.output + ox) * outputs;
                     const float* weights = kernel + (ky * horizontal.kernel + kx) * groupInputs * outputs;
                     for (int64_t i = 0; i < inputs; i++) {
                       const int64_t first = i / groupInputs * groupOutputs;
                       to[i] += sumOfRow(groupOutputs, [](Vec a, Vec b) { return a * b; }, from + first,
                                         weights + i % groupInputs * outputs + first);
                     }
                   }
                 }
               }
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
