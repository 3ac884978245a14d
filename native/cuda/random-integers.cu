// Uniform integers in [low, limit): low + (word · (limit - low)) >> 32.
#include "core/philox.cuh"

namespace cuda_gan::cuda {

namespace {
struct Integers {
  int32_t* y;
  int32_t low;
  uint32_t numbers;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    for (int i = 0; i < count; i++) y[first + i] = low + static_cast<int32_t>(__umulhi(words.word[i], numbers));
  }
};
}  // namespace

Kernel randomIntegers(const Instruction& op, const Context& context) {
  const double low = op.number("low");
  return forRandomBlocks(op, context, Integers{op.outputs[0].integers(), static_cast<int32_t>(low),
                                               static_cast<uint32_t>(op.number("limit") - low)});
}

}  // namespace cuda_gan::cuda
