// Subnormal numbers, those below 2⁻¹²⁶, cost an Intel processor more than a hundred cycles wherever one is an operand
// or a result, and training makes them by the million: gradients of a sample whose weight is e⁻⁹⁰, moments of a weight
// that gets no gradient any more, which Adam's rounding keeps at the smallest of them for good. None of them tells a
// float32 sum anything.
#pragma once
#include <cstdint>

namespace cuda_gan::cpu {

// While it lives, its thread's arithmetic reads subnormal numbers as 0 and gives 0 for them. Copies keep their bits.
class FlushSubnormals {
 public:
  FlushSubnormals();
  ~FlushSubnormals();
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;

 private:
  uint64_t before_;
};

}  // namespace cuda_gan::cpu
