// Division of many numbers by one that is known before, without the GPU's slow division.
#pragma once
#include <cstdint>

#include "../../program/everywhere.h"

namespace cuda_gan::cuda {

// Divides numbers below 2³¹ by a product with 2³² · (2^shift - divisor) / divisor + 1, whose upper half is taken
// (Granlund & Montgomery, Division by Invariant Integers using Multiplication, PLDI 1994).
struct Divisor {
  uint32_t divisor, multiplier, shift;

  Divisor() = default;
  // At least 1 and at most 2³¹.
  CUDA_GAN_EVERYWHERE explicit Divisor(uint32_t divisor) : divisor(divisor), multiplier(0), shift(0) {
    while ((uint64_t{1} << shift) < divisor) shift++;
    const uint64_t rest = (uint64_t{1} << shift) - divisor;
    multiplier = static_cast<uint32_t>((rest << 32) / divisor + 1);
  }

  CUDA_GAN_EVERYWHERE uint32_t quotient(uint32_t n) const {
    const auto upper = static_cast<uint32_t>((static_cast<uint64_t>(n) * multiplier) >> 32);
    return (upper + n) >> shift;
  }

  struct Result {
    uint32_t quotient, remainder;
  };
  CUDA_GAN_EVERYWHERE Result divide(uint32_t n) const {
    const uint32_t q = quotient(n);
    return {q, n - q * divisor};
  }
};

}  // namespace cuda_gan::cuda
