// Which elements a dropout keeps, and what it makes of them.
#pragma once
#include <cmath>

#include "philox.cuh"

namespace cuda_gan::cuda {

struct Dropout {
  uint32_t threshold;
  float scale;
  __device__ float kept(uint32_t word, float value) const { return (word >> 8) >= threshold ? value * scale : 0.0f; }
};

inline Dropout dropoutOf(const Attributes& attributes) {
  const double rate = attributes.number("rate");
  // word · 2⁻²⁴ ≥ rate, asked in whole numbers: the same answer on every device.
  return {static_cast<uint32_t>(std::ceil(rate * 0x1p24)), static_cast<float>(1 / (1 - rate))};
}

}  // namespace cuda_gan::cuda
