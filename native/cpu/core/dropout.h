// Which elements a dropout keeps.
#pragma once
#include <cmath>

#include "philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// y = f(kept, x...), element by element: kept(value) is value / (1 - rate) if the element's uniform number is ≥ rate, else 0.
template <typename F, typename... Sources>
Kernel dropoutOf(const Instruction& dropout, float* y, F f, Sources... x) {
  const RandomStream stream(dropout);
  const double rate = dropout.number("rate");
  const float scale = static_cast<float>(1 / (1 - rate));
  // word · 2⁻²⁴ ≥ rate, asked in whole numbers: the same answer on every device.
  const int32_t threshold = static_cast<int32_t>(std::ceil(rate * 0x1p24));
  return steppedBlocks(dropout.outputs[0].size(), [=](int64_t begin, int64_t end, uint64_t step) {
    for (int64_t i = begin; i < end; i += randomGroup) {
      const Words words = stream.philox(static_cast<uint32_t>(i / 4), step);
      Vec isKept[4];
      for (int w = 0; w < 4; w++) isKept[w] = asFloat((VecI)(words.word[w] >> 8) >= threshold);
      inOrder(isKept);
      for (int w = 0; w < 4 && i + w * lanes < end; w++) {
        const int64_t at = i + w * lanes, count = std::min<int64_t>(lanes, end - at);
        const auto kept = [&](Vec value) { return select(asInt(isKept[w]), value * scale, Vec{}); };
        mapRange(at, at + count, y, [&](auto... values) { return f(kept, values...); }, x...);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
