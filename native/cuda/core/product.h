// A matrix product as the ops describe it, for this device's kernels and for cuBLASLt.
#pragma once
#include <optional>

#include "../kernel.h"

namespace cuda_gan::cuda {

// Element (i, j) of a matrix lies at data[i · rowStride + j · columnStride].
struct MatrixView {
  const float* data;
  int64_t rowStride, columnStride;
};

struct Extent {
  int64_t m, n, k;
};

// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed in memory.
struct Product {
  Extent extent;
  MatrixView a, b;
  bool transposeA, transposeB;
};

inline MatrixView viewOf(const Tensor& matrix, bool transposed) {
  const int64_t stride = matrix.shape[1];
  return transposed ? MatrixView{matrix.floats(), 1, stride} : MatrixView{matrix.floats(), stride, 1};
}

inline Product productOf(const Tensor& a, const Tensor& b, bool transposeA, bool transposeB) {
  const Extent extent{a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1], a.shape[transposeA ? 0 : 1]};
  return {extent, viewOf(a, transposeA), viewOf(b, transposeB), transposeA, transposeB};
}

// The product of two neighbouring inputs of an instruction, with the attributes of a matmul.
inline Product productOf(const Instruction& op, size_t first, const Attributes& matmul) {
  return productOf(op.inputs[first], op.inputs[first + 1], matmul.flag("transposeA"), matmul.flag("transposeB"));
}

// The largest batch whose rows one tile holds: up to it this device's own kernels are the faster ones.
constexpr int64_t narrowRows = 128;

// Whether cuBLASLt is the faster one for this product.
inline bool suitsLibrary(const Product& product) { return product.extent.m > narrowRows && product.extent.k > narrowRows; }

// y = the product, + bias in every row unless that is null, by cuBLASLt. Nothing where that was not found, does not work
// with this driver, or is not the faster one for the product.
std::optional<Kernel> libraryProduct(const Product& product, const float* bias, float* y, const Context& context);

}  // namespace cuda_gan::cuda
