// A float vector as wide as the instruction set that this file is compiled for (CMakeLists.txt compiles the kernels
// once per set). GCC and Clang vector extensions, with intrinsics only where those have no operator.
#pragma once
#include <cstdint>
#include <cstring>
#include <utility>
#if defined(__AVX2__) || defined(__AVX512F__) || defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#ifndef CUDA_GAN_ISA
#error "compile with -DCUDA_GAN_ISA=<name of the instruction set>"
#endif

namespace cuda_gan::cpu::CUDA_GAN_ISA {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX2__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif

typedef float Vec __attribute__((vector_size(lanes * 4)));
typedef int32_t VecI __attribute__((vector_size(lanes * 4)));
typedef uint32_t VecU __attribute__((vector_size(lanes * 4)));

inline Vec load(const float* p) {
  Vec v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(float* p, Vec v) { std::memcpy(p, &v, sizeof v); }

// The first `count` lanes; the others are zero.
inline Vec loadPartial(const float* p, int64_t count) {
#if defined(__AVX512F__)
  return (Vec)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
#elif defined(__AVX2__)
  static const int32_t mask[2 * lanes] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return (Vec)_mm256_maskload_ps(p, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(mask + lanes - count)));
#else
  Vec v = {};
  std::memcpy(&v, p, static_cast<size_t>(count) * 4);
  return v;
#endif
}
inline void storePartial(float* p, int64_t count, Vec v) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), (__m512)v);
#elif defined(__AVX2__)
  // Piece by piece: masked stores are slow on some processors.
  if (count == lanes) return std::memcpy(p, &v, sizeof v), void();
  __m128 piece = _mm256_castps256_ps128((__m256)v);
  if (count & 4) {
    _mm_storeu_ps(p, piece);
    piece = _mm256_extractf128_ps((__m256)v, 1);
    p += 4;
  }
  if (count & 2) {
    _mm_storel_pi(reinterpret_cast<__m64*>(p), piece);
    piece = _mm_movehl_ps(piece, piece);
    p += 2;
  }
  if (count & 1) _mm_store_ss(p, piece);
#else
  std::memcpy(p, &v, static_cast<size_t>(count) * 4);
#endif
}

// x in every lane. (x - 0 is x for every x, -0 and NaN included, so this compiles to a broadcast.)
inline Vec splat(float x) { return x - Vec{}; }

inline Vec asFloat(VecI v) { return (Vec)v; }
inline VecI asInt(Vec v) { return (VecI)v; }
inline Vec toFloat(VecI v) { return __builtin_convertvector(v, Vec); }
inline VecI toInt(Vec v) { return __builtin_convertvector(v, VecI); }  // towards zero

// Lane by lane: mask ? a : b. Masks come from comparisons: all bits or none.
inline Vec select(VecI mask, Vec a, Vec b) { return mask ? a : b; }

// Where a comes before b as a maximum: it is larger, or the first NaN.
inline VecI isLarger(Vec a, Vec b) { return (a > b) | ((a != a) & (b == b)); }

inline Vec max(Vec a, Vec b) { return select(a > b, a, b); }
inline Vec min(Vec a, Vec b) { return select(a < b, a, b); }
inline Vec abs(Vec a) { return asFloat(asInt(a) & 0x7fffffff); }

// v, whatever follows: a product is otherwise not rounded before it is added to something, where both become one instruction.
inline Vec rounded(Vec v) {
#if defined(__AVX2__) || defined(__AVX512F__)
  asm("" : "+v"(v));
#elif defined(__ARM_NEON)
  asm("" : "+w"(v));
#endif
  return v;
}

// The largest whole number that is not above a. From 2²³ on, every float is whole.
inline Vec floor(Vec a) {
  const VecI fractional = abs(a) < 0x1p23f;
  const Vec whole = toFloat(toInt(select(fractional, a, Vec{})));
  return select(fractional & (whole != a), select(whole > a, whole - 1.0f, whole), a);
}

// Whether a mask has a lane that is set.
inline bool any(VecI mask) {
#if defined(__AVX512F__)
  return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_ps((__m128)mask) != 0;
#elif defined(__ARM_NEON)
  return vmaxvq_u32((uint32x4_t)mask) != 0;
#else
#error "no test of a mask for this processor"
#endif
}

inline Vec sqrt(Vec a) {
#if defined(__AVX512F__)
  return (Vec)_mm512_sqrt_ps((__m512)a);
#elif defined(__AVX2__)
  return (Vec)_mm256_sqrt_ps((__m256)a);
#elif defined(__SSE2__)
  return (Vec)_mm_sqrt_ps((__m128)a);
#elif defined(__ARM_NEON)
  return (Vec)vsqrtq_f32((float32x4_t)a);
#else
#error "no vector square root for this processor"
#endif
}

// The lanes of a and b of these numbers: those of b follow those of a.
template <int... lane, typename Lanes>
inline Lanes shuffled(Lanes a, Lanes b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, lane...);
#else
  return __builtin_shuffle(a, b, VecI{lane...});
#endif
}

// The lower and the upper halves of a and b, taken in turns: a0 b0 a1 b1 ...
template <int... lane>
inline void interleave(Vec a, Vec b, Vec& lower, Vec& upper, std::integer_sequence<int, lane...>) {
  lower = shuffled<(lane / 2 + lane % 2 * lanes)...>(a, b);
  upper = shuffled<(lane / 2 + lane % 2 * lanes + lanes / 2)...>(a, b);
}

inline void interleave(Vec a, Vec b, Vec& lower, Vec& upper) {
  interleave(a, b, lower, upper, std::make_integer_sequence<int, lanes>{});
}

// Turns `rows` vectors, a power of two, into columns: [rows][lanes] becomes [lanes][rows]. Each round interleaves the upper
// half with the lower one.
template <int rows>
inline __attribute__((always_inline)) void transpose(Vec (&matrix)[rows]) {
  static_assert((rows & (rows - 1)) == 0);
#pragma GCC unroll 8
  for (int round = 1; round < rows; round *= 2) {
    Vec next[rows];
#pragma GCC unroll 16
    for (int i = 0; i < rows / 2; i++) interleave(matrix[i], matrix[i + rows / 2], next[2 * i], next[2 * i + 1]);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) matrix[i] = next[i];
  }
}

// Sum of the lanes, as a balanced tree.
inline float sumLanes(Vec v) {
  float x[lanes];
  store(x, v);
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) x[i] += x[i + width];
  return x[0];
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
