// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group.
#include "../program/conv2d.h"
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2d(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *kernel = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  const auto [vertical, horizontal, groups] = conv2dOf(op.attributes);
  const int64_t inputs = op.inputs[0].shape[3], outputs = op.outputs[0].shape[3];
  const int64_t groupInputs = inputs / groups, groupOutputs = outputs / groups;
  const int64_t rows = op.outputs[0].shape[0] * vertical.output;
  return {{rows, [=, vertical = vertical, horizontal = horizontal](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t row = begin; row < end; row++) {
               const int64_t image = row / vertical.output, oy = row % vertical.output;
               for (int64_t ox = 0; ox < horizontal.output; ox++) {
                 float* to = y + (row * horizontal.output + ox) * outputs;
                 for (int64_t first = 0; first < outputs;) {
                   const int64_t group = first / groupOutputs, groupEnd = (group + 1) * groupOutputs;
                   const Columns columns{first, std::min<int64_t>(lanes, groupEnd - first), outputs};
                   Vec sum{};
                   for (int64_t ky = 0; ky < vertical.kernel; ky++) {
                     const int64_t iy = vertical.inputPlace(oy, ky);
                     if (!vertical.hasInput(iy)) continue;
                     for (int64_t kx = 0; kx < horizontal.kernel; kx++) {
                       const int64_t ix = horizontal.inputPlace(ox, kx);
                       if (!horizontal.hasInput(ix)) continue;
                       const float* from = x + ((image * vertical.input + iy) * horizontal.input + ix) * inputs + group * groupInputs;
                       const float* weights = kernel + (ky * horizontal.kernel + kx) * groupInputs * outputs;
                       for (int64_t i = 0; i < groupInputs; i++) sum += columns.load(weights, i) * from[i];
                     }
                   }
                   columns.store(to, 0, sum);
                   first += columns.count;
                 }
               }
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
