// Normal numbers by Box and Muller (1958): words (a, b) give √(-2 ln u) · cos 2πv and √(-2 ln u) · sin 2πv with
// u = ((a >> 8) + 1) · 2⁻²⁴ and v = (b >> 8) · 2⁻²⁴.
#include "core/math.h"
#include "core/philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel randomNormal(const Instruction& op, const Context&) {
  const float mean = static_cast<float>(op.number("mean")), deviation = static_cast<float>(op.number("deviation"));
  return randomElements(RandomStream(op), op.outputs[0].floats(), op.outputs[0].size(), [=](const Words& words) {
    Vectors result;
    for (int w = 0; w < 4; w += 2) {
      const Vec u = (upper24(words.word[w]) + 1.0f) * 0x1p-24f;
      const Vec radius = sqrt(max(log(u) * -2.0f, Vec{})) * deviation;
      const CosSin angle = cosSinTurns(upper24(words.word[w + 1]) * 0x1p-24f);
      result.word[w] = radius * angle.cos + mean;
      result.word[w + 1] = radius * angle.sin + mean;
    }
    return result;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
