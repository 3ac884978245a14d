// exp, log, cos and what follows from them, over vectors. Range reduction and polynomials after Cephes (S. L. Moshier,
// single precision: expf.c, logf.c, tanhf.c, sinf.c), whose relative error is about 1e-7 over the whole range.
#pragma once
#include <cmath>
#include <limits>

#include "vector.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// eˣ = 2ⁿ · e^r with |r| ≤ ln 2 / 2. Overflows to infinity above 88.7, underflows to 0 below -87.3; NaN stays NaN.
inline Vec exp(Vec x) {
  const Vec clamped = max(min(x, splat(88.7228391f)), splat(-87.3365448f));
  const Vec scaled = clamped * 1.44269504f;
  const VecI n = toInt(scaled + select(scaled < 0, splat(-0.5f), splat(0.5f)));
  const Vec nf = toFloat(n);
  const Vec r = (clamped - nf * 0.693359375f) - nf * -2.12194440e-4f;
  Vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  // 2ⁿ in two factors, so that n = 128 does not overflow the exponent field.
  const VecI half = n >> 1;
  const Vec result = p * asFloat((half + 127) << 23) * asFloat((n - half + 127) << 23);
  const Vec bounded = select(x > 88.7228391f, splat(std::numeric_limits<float>::infinity()),
                             select(x < -87.3365448f, splat(0.0f), result));
  return select(x != x, x, bounded);
}

// ln x = e · ln 2 + ln(1 + r) with √½ ≤ 1 + r < √2. -infinity at 0, NaN below; subnormals count as 0.
inline Vec log(Vec x) {
  const float infinity = std::numeric_limits<float>::infinity();
  const VecI bits = asInt(x);
  Vec e = toFloat((bits >> 23) - 126);
  Vec m = asFloat((bits & 0x007fffff) | 0x3f000000);
  const VecI low = m < 0.707106781f;
  e = select(low, e - 1.0f, e);
  const Vec r = select(low, m + m, m) - 1.0f;
  const Vec z = r * r;
  Vec p = splat(7.0376836292e-2f);
  p = p * r - 1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r - 1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r - 1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r - 2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  const Vec y = r * z * p + e * -2.12194440e-4f - z * 0.5f;
  const Vec result = (r + y) + e * 0.693359375f;
  const Vec bounded = select(x < 1.17549435e-38f, splat(-infinity), select(x == infinity, x, result));
  return select((x < 0) | (x != x), splat(std::numeric_limits<float>::quiet_NaN()), bounded);
}

// ln(1 + x) for x in [0, 1]: the rounding of 1 + x is given back to first order (Kahan).
inline Vec log1p(Vec x) {
  const Vec u = x + 1.0f;
  return select(u == 1.0f, x, log(u) - ((u - 1.0f) - x) / u);
}

inline Vec sigmoid(Vec x) {
  const Vec z = exp(-abs(x));
  return select(x < 0, z, splat(1.0f)) / (z + 1.0f);
}

// ln(1 + eˣ) without overflow.
inline Vec softplus(Vec x) { return max(x, splat(0.0f)) + log1p(exp(-abs(x))); }

inline Vec tanh(Vec x) {
  const Vec a = abs(x);
  const Vec z = x * x;
  Vec p = splat(-5.70498872745e-3f);
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const Vec small = p * z * x + x;
  const Vec large = 1.0f - 2.0f / (exp(a + a) + 1.0f);
  return select(a < 0.625f, small, select(x < 0, -large, large));
}

// eˣ - 1 for x ≤ 0, accurate near 0: tanh(x/2) · (eˣ + 1).
inline Vec expm1(Vec x) { return tanh(x * 0.5f) * (exp(x) + 1.0f); }

struct CosSin {
  Vec cos, sin;
};

// Of `quarter` quarters of a turn and x more, |x| ≤ π/4.
inline CosSin cosSinBeside(VecI quarter, Vec x) {
  const Vec z = x * x;
  Vec s = splat(-1.9515295891e-4f);
  s = s * z + 8.3321608736e-3f;
  s = s * z - 1.6666654611e-1f;
  s = s * z * x + x;
  Vec c = splat(2.443315711809948e-5f);
  c = c * z - 1.388731625493765e-3f;
  c = c * z + 4.166664568298827e-2f;
  c = c * (z * z) - z * 0.5f + 1.0f;
  const VecI odd = -(quarter & 1);
  const Vec cosSign = select(-(((quarter + 1) >> 1) & 1), splat(-1.0f), splat(1.0f));
  const Vec sinSign = select(-((quarter >> 1) & 1), splat(-1.0f), splat(1.0f));
  return {select(odd, s, c) * cosSign, select(odd, c, s) * sinSign};
}

// Of 2πv for v in [0, 1).
inline CosSin cosSinTurns(Vec v) {
  const VecI quarter = toInt(v * 4.0f + 0.5f);
  return cosSinBeside(quarter, (v - toFloat(quarter) * 0.25f) * 6.28318531f);
}

// Of x up to 10⁴ in size; errs by at most 2⁻²³. The nearest multiple of π/2 is taken off in three parts (Cody & Waite
// 1980). The first two have so few bits that their products with n < 2¹³ and the differences are exact; that with the
// third, and what is missing of π/2, err by 2⁻³⁴ together.
inline CosSin cosSin(Vec x) {
  const Vec scaled = x * 0.636619772f;
  const VecI n = toInt(scaled + select(scaled < 0, splat(-0.5f), splat(0.5f)));
  const Vec nf = toFloat(n);
  return cosSinBeside(n, ((x - nf * 1.5703125f) - nf * 4.83751297e-4f) - nf * 7.54979013e-8f);
}

// Larger angles, infinity and NaN, lane by lane: `exact` in float64.
template <typename Near, typename Exact>
inline Vec ofAngle(Vec x, Near near, Exact exact) {
  const VecI far = ~(abs(x) <= 1e4f);
  Vec y = near(cosSin(select(far, Vec{}, x)));
  if (any(far)) {
    for (int i = 0; i < lanes; i++)
      if (far[i]) y[i] = static_cast<float>(exact(static_cast<double>(x[i])));
  }
  return y;
}

inline Vec cos(Vec x) {
  return ofAngle(x, [](const CosSin& y) { return y.cos; }, [](double angle) { return std::cos(angle); });
}
inline Vec sin(Vec x) {
  return ofAngle(x, [](const CosSin& y) { return y.sin; }, [](double angle) { return std::sin(angle); });
}

// erf x = x · P(x²) / Q(x²) on [-4, 4], where it is ±1 to the last bit beyond: the rational function of Eigen's
// generic_fast_erf_float, whose relative error is below 5e-7. NaN stays NaN.
inline Vec erf(Vec x) {
  const Vec c = max(min(x, splat(4.0f)), splat(-4.0f)), squared = c * c;
  Vec p = splat(-2.72614225801306e-10f);
  p = p * squared + 2.77068142495902e-08f;
  p = p * squared + -2.10102402082508e-06f;
  p = p * squared + -5.69250639462346e-05f;
  p = p * squared + -7.34990630326855e-04f;
  p = p * squared + -2.95459980854025e-03f;
  p = p * squared + -1.60960333262415e-02f;
  Vec q = splat(-1.45660718464996e-05f);
  q = q * squared + -2.13374055278905e-04f;
  q = q * squared + -1.68282697438203e-03f;
  q = q * squared + -7.37332916720468e-03f;
  q = q * squared + -1.42647390514189e-02f;
  const Vec bounded = max(min(c * p / q, splat(1.0f)), splat(-1.0f));
  return select(x != x, x, bounded);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
