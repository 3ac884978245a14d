// Uniform numbers in [low, high): low + (high - low) · (word >> 8) · 2⁻²⁴.
#include "core/philox.cuh"

namespace cuda_gan::cuda {

namespace {
struct Uniform {
  float* y;
  float low, width;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    for (int i = 0; i < count; i++) y[first + i] = fraction(words.word[i]) * width + low;
  }
};
}  // namespace

Kernel randomUniform(const Instruction& op, const Context& context) {
  const double low = op.number("low");
  return forRandomBlocks(op, context, Uniform{op.outputs[0].floats(), static_cast<float>(low),
                                              static_cast<float>(op.number("high") - low)});
}

}  // namespace cuda_gan::cuda
