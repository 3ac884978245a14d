// Uniform numbers in [low, high): low + (high - low) · (word >> 8) · 2⁻²⁴.
#include "core/philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel randomUniform(const Instruction& op, const Context&) {
  const float low = static_cast<float>(op.number("low"));
  const float scale = static_cast<float>((op.number("high") - op.number("low")) * 0x1p-24);
  return randomElements(RandomStream(op), op.outputs[0].floats(), op.outputs[0].size(), [=](const Words& words) {
    Vectors result;
    for (int w = 0; w < 4; w++) result.word[w] = upper24(words.word[w]) * scale + low;
    return result;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
