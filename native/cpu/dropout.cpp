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
  const int32_t threshold = static_cast<int32_t>(std::ceil(rate * 0x1p24));
  return steppedBlocks(op.outputs[0].size(), [=](int64_t begin, int64_t end, uint64_t step) {
    for (int64_t i = begin; i < end; i += randomGroup) {
      const Words words = stream.philox(static_cast<uint32_t>(i / 4), step);
      Vec kept[4];
      for (int w = 0; w < 4; w++) kept[w] = asFloat((VecI)(words.word[w] >> 8) >= threshold);
      inOrder(kept);
      for (int w = 0; w < 4 && i + w * lanes < end; w++) {
        const int64_t at = i + w * lanes, count = std::min<int64_t>(lanes, end - at);
        const auto dropped = [&](Vec value) { return select(asInt(kept[w]), value * scale, Vec{}); };
        mapRange(at, at + count, y, dropped, x);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
