// dy · (σ(z) - t), element by element.
#include "core/elementwise.h"
#include "core/math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel binaryCrossentropyGradient(const Instruction& op, const Context&) {
  const float *dy = op.inputs[0].floats(), *logits = op.inputs[1].floats(), *targets = op.inputs[2].floats();
  float* dz = op.outputs[0].floats();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    mapRange(begin, end, dz, [](Vec slope, Vec z, Vec t) { return slope * (sigmoid(z) - t); }, dy, logits, targets);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
