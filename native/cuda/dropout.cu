// y = x / (1 - rate) where the element's uniform number is ≥ rate, else 0.
#include <cmath>

#include "core/philox.cuh"

namespace cuda_gan::cuda {

namespace {
struct Dropout {
  const float* x;
  float* y;
  uint32_t threshold;
  float scale;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    if (count == 4) {
      const auto from = loadFloats<4>(x + first);
      storeFloats(y + first, eachOf<4>([&](int i) { return kept(words.word[i], from.at[i]); }));
    } else {
      for (int i = 0; i < count; i++) y[first + i] = kept(words.word[i], x[first + i]);
    }
  }
  __device__ float kept(uint32_t word, float value) const { return (word >> 8) >= threshold ? value * scale : 0.0f; }
};
}  // namespace

Kernel dropout(const Instruction& op, const Context& context) {
  const double rate = op.number("rate");
  // word · 2⁻²⁴ ≥ rate, asked in whole numbers: the same answer on every device.
  const auto threshold = static_cast<uint32_t>(std::ceil(rate * 0x1p24));
  return forRandomBlocks(op, context, Dropout{op.inputs[0].floats(), op.outputs[0].floats(), threshold,
                                              static_cast<float>(1 / (1 - rate))});
}

}  // namespace cuda_gan::cuda
