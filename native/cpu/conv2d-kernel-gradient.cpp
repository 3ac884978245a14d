// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and output places.
#include "../program/conv2d.h"
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dKernelGradient(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *dy = op.inputs[1].floats();
  float* dkernel = op.outputs[0].floats();
  const auto [vertical, horizontal, groups] = conv2dOf(op.attributes);
  const int64_t batch = op.inputs[0].shape[0], inputs = op.inputs[0].shape[3], outputs = op.inputs[1].shape[3];
  const int64_t groupInputs = inputs / groups, groupOutputs = outputs / groups;
  const int64_t rows = vertical.kernel * horizontal.kernel * groupInputs;
  return {{rows, [=, vertical = vertical, horizontal = horizontal](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t row = begin; row < end; row++) {
               const int64_t i = row % groupInputs, kx = row / groupInputs % horizontal.kernel;
               const int64_t ky = row / groupInputs / horizontal.kernel;
               for (int64_t first = 0; first < outputs;) {
                 const int64_t group = first / groupOutputs, groupEnd = (group + 1) * groupOutputs;
                 const Columns columns{first, std::min<int64_t>(lanes, groupEnd - first), outputs};
                 Vec sum{};
                 for (int64_t image = 0; image < batch; image++) {
                   for (int64_t oy = 0; oy < vertical.output; oy++) {
                     const int64_t iy = vertical.inputPlace(oy, ky);
                     if (!vertical.hasInput(iy)) continue;
                     const float* from = x + (image * vertical.input + iy) * horizontal.input * inputs + group * groupInputs + i;
                     for (int64_t ox = 0; ox < horizontal.output; ox++) {
                       const int64_t ix = horizontal.inputPlace(ox, kx);
                       if (!horizontal.hasInput(ix)) continue;
                       sum += columns.load(dy, (image * vertical.output + oy) * horizontal.output + ox) * from[ix * inputs];
                     }
                   }
                 }
                 columns.store(dkernel, row, sum);
                 first += columns.count;
               }
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
