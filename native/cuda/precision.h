// How exactly a matrix product is computed. Operands and results are float32 in memory in every case.
#pragma once

namespace cuda_gan::cuda {

enum class Precision {
  Float32,   // float32 products and sums
  Tf32,      // operands rounded to 10 bits of mantissa, float32 sums
  BFloat16,  // operands rounded to 7 bits of mantissa, float32 sums
};

}  // namespace cuda_gan::cuda
