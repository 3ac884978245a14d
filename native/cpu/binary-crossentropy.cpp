// max(z, 0) - t·z + ln(1 + e^-|z|), element by element.
#include "core/elementwise.h"
#include "core/math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel binaryCrossentropy(const Instruction& op, const Context&) {
  const float *logits = op.inputs[0].floats(), *targets = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    mapRange(begin, end, y, [](Vec z, Vec t) { return softplus(z) - t * z; }, logits, targets);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
