// What kernels call besides the C library: bits, arithmetic of a stated rounding, atomics.
#pragma once
#include <math.h>

#include <cmath>
#include <cstdint>
#include <cstring>

using std::isfinite;
using std::isinf;
using std::isnan;

namespace cuda_emulator {

template <class To, class From>
To bitsAs(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

// Keeps the compiler from joining a product and a sum.
template <class T>
T rounded(T x) {
#if defined(__x86_64__)
  __asm__("" : "+x"(x));
#elif defined(__aarch64__)
  __asm__("" : "+w"(x));
#else
  volatile T kept = x;
  x = kept;
#endif
  return x;
}

}  // namespace cuda_emulator

inline unsigned __float_as_uint(float x) { return cuda_emulator::bitsAs<unsigned>(x); }
inline int __float_as_int(float x) { return cuda_emulator::bitsAs<int>(x); }
inline float __uint_as_float(unsigned bits) { return cuda_emulator::bitsAs<float>(bits); }
inline float __int_as_float(int bits) { return cuda_emulator::bitsAs<float>(bits); }
inline long long __double_as_longlong(double x) { return cuda_emulator::bitsAs<long long>(x); }
inline double __longlong_as_double(long long bits) { return cuda_emulator::bitsAs<double>(bits); }

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((static_cast<uint64_t>(a) * b) >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>((static_cast<int64_t>(a) * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<unsigned long long>((static_cast<Wide>(a) * b) >> 64);
}
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }

inline float __fadd_rn(float a, float b) { return cuda_emulator::rounded(a + b); }
inline float __fsub_rn(float a, float b) { return cuda_emulator::rounded(a - b); }
inline float __fmul_rn(float a, float b) { return cuda_emulator::rounded(a * b); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fdiv_rn(float a, float b) { return cuda_emulator::rounded(a / b); }
inline float __frcp_rn(float x) { return cuda_emulator::rounded(1 / x); }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline double __dadd_rn(double a, double b) { return cuda_emulator::rounded(a + b); }
inline double __dmul_rn(double a, double b) { return cuda_emulator::rounded(a * b); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

inline float rsqrtf(float x) { return static_cast<float>(1 / std::sqrt(static_cast<double>(x))); }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }
// Reduced to one turn first, so that large arguments stay exact.
inline void sincospi(double x, double* sine, double* cosine) {
  const double angle = M_PI * std::remainder(x, 2.0);
  *sine = std::sin(angle);
  *cosine = std::cos(angle);
}
inline void sincospif(float x, float* sine, float* cosine) {
  double s, c;
  sincospi(x, &s, &c);
  *sine = static_cast<float>(s);
  *cosine = static_cast<float>(c);
}

#define CUDA_EMULATOR_MIN_MAX(T)                   \
  inline T min(T a, T b) { return b < a ? b : a; } \
  inline T max(T a, T b) { return a < b ? b : a; }
CUDA_EMULATOR_MIN_MAX(int)
CUDA_EMULATOR_MIN_MAX(unsigned)
CUDA_EMULATOR_MIN_MAX(long)
CUDA_EMULATOR_MIN_MAX(unsigned long)
CUDA_EMULATOR_MIN_MAX(long long)
CUDA_EMULATOR_MIN_MAX(unsigned long long)
#undef CUDA_EMULATOR_MIN_MAX
// Of a number and NaN, the number.
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

template <class T>
T __ldg(const T* address) {
  return *address;
}

// Threads of all blocks take turns, so nothing can come between reading and writing.
#define CUDA_EMULATOR_ATOMIC(name, T, result) \
  inline T name(T* address, T value) {        \
    const T old = *address;                   \
    *address = result;                        \
    return old;                               \
  }
#define CUDA_EMULATOR_ATOMICS(T)                                \
  CUDA_EMULATOR_ATOMIC(atomicAdd, T, old + value)               \
  CUDA_EMULATOR_ATOMIC(atomicExch, T, value)                    \
  CUDA_EMULATOR_ATOMIC(atomicMin, T, value < old ? value : old) \
  CUDA_EMULATOR_ATOMIC(atomicMax, T, old < value ? value : old) \
  inline T atomicCAS(T* address, T compare, T value) {          \
    const T old = *address;                                     \
    if (old == compare) *address = value;                       \
    return old;                                                 \
  }
CUDA_EMULATOR_ATOMICS(int)
CUDA_EMULATOR_ATOMICS(unsigned)
CUDA_EMULATOR_ATOMICS(unsigned long long)
CUDA_EMULATOR_ATOMIC(atomicAdd, float, old + value)
CUDA_EMULATOR_ATOMIC(atomicExch, float, value)
CUDA_EMULATOR_ATOMIC(atomicAdd, double, old + value)
#undef CUDA_EMULATOR_ATOMICS
#undef CUDA_EMULATOR_ATOMIC
