// y = x / (1 - rate) where the element's uniform number is ≥ rate, else 0.
#include <cmath>

#include "core/philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel dropout(const Instruction& op, const Context&) {
  const RandomStream stream(op);
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  const double rate = op.number("rate");
  const float scale = static_cast<float>(1 / (1 - rate));
  // word · 2⁻²⁴ ≥ rate, asked in whole numbers: the same answer on every device.
  const uint32_t threshold = static_cast<uint32_t>(std::ceil(rate * 0x1p24));
  return steppedBlocks(op.outputs[0].size(), [=](int64_t begin, int64_t end, uint64_t step) {
    for (int64_t i = begin; i < end; i += randomGroup) {
      const Words words = stream.philox(static_cast<uint32_t>(i / 4), step);
      const int64_t count = std::min(randomGroup, end - i);
      for (int64_t j = 0; j < count; j++) {
        const bool kept = (words.word[j % 4][j / 4] >> 8) >= threshold;
        y[i + j] = kept ? x[i + j] * scale : 0.0f;
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
