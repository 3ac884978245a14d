// How the factors of a product lie in memory.
#pragma once
#include "../../kernel.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct MatrixView {
  const float* data;
  int64_t rowStride, columnStride;

  const float* at(int64_t row, int64_t column) const { return data + row * rowStride + column * columnStride; }
  MatrixView from(int64_t row, int64_t column) const { return {at(row, column), rowStride, columnStride}; }
  MatrixView transposed() const { return {data, columnStride, rowStride}; }
};

inline MatrixView viewOf(const Tensor& matrix, bool transposed) {
  const int64_t width = matrix.shape[1];
  return transposed ? MatrixView{matrix.floats(), 1, width} : MatrixView{matrix.floats(), width, 1};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
