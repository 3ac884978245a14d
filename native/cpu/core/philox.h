// Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011), one block per lane.
// The key is (seed, stream), the counter of block b at step s is (b, 0, s low, s high); lib/ops/random.ts states it.
#pragma once
#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct Words {
  VecU word[4];
};

// Elements that one call of philox() serves: four words of every lane's block.
constexpr int64_t randomGroup = 4 * lanes;
static_assert(blockElements % randomGroup == 0);

struct RandomStream {
  uint32_t seed, stream;

  explicit RandomStream(const Instruction& op)
      : seed(static_cast<uint32_t>(op.number("seed"))), stream(static_cast<uint32_t>(op.number("stream"))) {}

  // Blocks block, block + 1, …, one per lane.
  Words philox(uint32_t block, uint64_t step) const {
    VecU c0{}, c1{}, c2{}, c3{};
    for (int i = 0; i < lanes; i++) c0[i] = static_cast<uint32_t>(i);
    c0 += block;
    c2 += static_cast<uint32_t>(step);
    c3 += static_cast<uint32_t>(step >> 32);
    uint32_t k0 = seed, k1 = stream;
    for (int round = 0; round < 10; round++) {
      const Product p0 = multiply(c0, 0xD2511F53), p1 = multiply(c2, 0xCD9E8D57);
      c0 = p1.high ^ c1 ^ k0;
      c1 = p1.low;
      c2 = p0.high ^ c3 ^ k1;
      c3 = p0.low;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    return {{c0, c1, c2, c3}};
  }

 private:
  // Two words each.
  typedef uint64_t Pairs __attribute__((vector_size(lanes * 4)));

  struct Product {
    VecU high, low;
  };

  // a · m, word by word: the even ones, and the odd ones.
  static Product multiply(VecU a, uint32_t m) {
    const VecU even = (VecU)multiplyLower((Pairs)a, m), odd = (VecU)multiplyLower((Pairs)everyOther<1>(a, a), m);
    return {everyOther<1>(even, odd), everyOther<0>(even, odd)};
  }

  // Every other word of a and of b, in turns: a0 b0 a2 b2 ..., or from word 1 on.
  template <int first, int... lane>
  static VecU everyOther(VecU a, VecU b, std::integer_sequence<int, lane...>) {
    return shuffled<(lane / 2 * 2 + first + lane % 2 * lanes)...>(a, b);
  }
  template <int first>
  static VecU everyOther(VecU a, VecU b) {
    return everyOther<first>(a, b, std::make_integer_sequence<int, lanes>{});
  }

  // The lower word of every pair times m. (Compilers see no 32-bit factors in a product of 64 bits.)
  static Pairs multiplyLower(Pairs a, uint32_t m) {
    const Pairs factor = Pairs{} + m;
#if defined(__AVX512F__)
    return (Pairs)_mm512_mul_epu32((__m512i)a, (__m512i)factor);
#elif defined(__AVX2__)
    return (Pairs)_mm256_mul_epu32((__m256i)a, (__m256i)factor);
#elif defined(__SSE2__)
    return (Pairs)_mm_mul_epu32((__m128i)a, (__m128i)factor);
#else
    return (a & 0xffffffff) * factor;
#endif
  }
};

// The words of all blocks one after the other, as elements are numbered: each vector holds some blocks.
inline void inOrder(Vec (&words)[4]) {
  Vec even[2], odd[2];
  interleave(words[0], words[2], even[0], even[1]);
  interleave(words[1], words[3], odd[0], odd[1]);
  interleave(even[0], odd[0], words[0], words[1]);
  interleave(even[1], odd[1], words[2], words[3]);
}

// The upper 24 bits of every word, which a float holds exactly, as a whole number.
inline Vec upper24(VecU word) { return toFloat((VecI)(word >> 8)); }

// A kernel that fills y [size] with random elements: `transform` makes four vectors of a block's four words.
template <typename T, typename Transform>
Kernel randomElements(RandomStream stream, T* y, int64_t size, Transform transform) {
  return steppedBlocks(size, [=](int64_t begin, int64_t end, uint64_t step) {
    for (int64_t i = begin; i < end; i += randomGroup) {
      const auto elements = transform(stream.philox(static_cast<uint32_t>(i / 4), step));
      T group[randomGroup];
      for (int lane = 0; lane < lanes; lane++)
        for (int w = 0; w < 4; w++) group[4 * lane + w] = elements.word[w][lane];
      std::copy(group, group + std::min(randomGroup, end - i), y + i);
    }
  });
}

struct Vectors {
  Vec word[4];
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
