// Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011), a block per thread.
// The key is (seed, stream), the counter of block b at step s is (b, 0, s low, s high); lib/ops/random.ts states it.
#pragma once
#include "elementwise.cuh"

namespace cuda_gan::cuda {

struct Words {
  uint32_t word[4];
};

struct RandomStream {
  uint32_t seed, stream;
  CurrentStep current;

  __device__ Words philox(int64_t block) const {
    const uint64_t step = current.first->step + current.offset;
    uint32_t c0 = static_cast<uint32_t>(block), c1 = 0;
    uint32_t c2 = static_cast<uint32_t>(step), c3 = static_cast<uint32_t>(step >> 32);
    uint32_t k0 = seed, k1 = stream;
    for (int round = 0; round < 10; round++) {
      constexpr uint32_t m0 = 0xD2511F53, m1 = 0xCD9E8D57;
      const uint32_t high0 = __umulhi(c0, m0), low0 = c0 * m0;
      const uint32_t high1 = __umulhi(c2, m1), low1 = c2 * m1;
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    return {{c0, c1, c2, c3}};
  }
};

inline RandomStream randomStreamOf(const Instruction& op, const Context& context) {
  return {static_cast<uint32_t>(op.number("seed")), static_cast<uint32_t>(op.number("stream")), context.step()};
}

// The upper 24 bits of a word, which a float holds exactly, as a fraction in [0, 1).
__device__ inline float fraction(uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }

template <class F>
struct RandomBlocks {
  RandomStream stream;
  F f;
  int64_t size;
  __device__ void operator()(int64_t block) const {
    const Words words = stream.philox(block);
    const int64_t left = size - 4 * block;
    f(words, 4 * block, left < 4 ? static_cast<int>(left) : 4);
  }
};

// A kernel that calls f(words, first element, how many elements) for every block of [0, size).
template <class F>
Kernel forRandomBlocks(const Instruction& op, const Context& context, const F& f) {
  const int64_t size = op.outputs[0].size();
  return forEach(ceilDivide(size, 4), RandomBlocks<F>{randomStreamOf(op, context), f, size});
}

}  // namespace cuda_gan::cuda
