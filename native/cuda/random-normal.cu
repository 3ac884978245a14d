// Normal numbers by Box and Muller (1958): words (a, b) give √(-2 ln u) · cos 2πv and √(-2 ln u) · sin 2πv with
// u = ((a >> 8) + 1) · 2⁻²⁴ and v = (b >> 8) · 2⁻²⁴.
#include "core/philox.cuh"

namespace cuda_gan::cuda {

namespace {
struct Normal {
  float* y;
  float mean, deviation;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    for (int i = 0; i < count; i += 2) {
      const float u = (static_cast<float>(words.word[i] >> 8) + 1.0f) * 0x1p-24f;
      const float radius = sqrtf(-2.0f * logf(u)) * deviation;
      float sine, cosine;
      sincospif(2.0f * fraction(words.word[i + 1]), &sine, &cosine);
      y[first + i] = radius * cosine + mean;
      if (i + 1 < count) y[first + i + 1] = radius * sine + mean;
    }
  }
};
}  // namespace

Kernel randomNormal(const Instruction& op, const Context& context) {
  return forRandomBlocks(op, context, Normal{op.outputs[0].floats(), static_cast<float>(op.number("mean")),
                                             static_cast<float>(op.number("deviation"))});
}

}  // namespace cuda_gan::cuda
