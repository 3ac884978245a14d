// Uniform integers in [0, limit): (word · limit) >> 32.
#include "core/philox.cuh"

namespace cuda_gan::cuda {

namespace {
struct Integers {
  int32_t* y;
  uint32_t limit;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    for (int i = 0; i < count; i++) y[first + i] = static_cast<int32_t>(__umulhi(words.word[i], limit));
  }
};
}  // namespace

Kernel randomIntegers(const Instruction& op, const Context& context) {
  return forRandomBlocks(op, context, Integers{op.outputs[0].integers(), static_cast<uint32_t>(op.number("limit"))});
}

}  // namespace cuda_gan::cuda
