// The factors of a plain matrix product, for Gemm.
#pragma once
#include "panels.cuh"
#include "tile-shape.cuh"

namespace cuda_gan::cuda {

struct MatrixFactors {
  MatrixView a, b;
  Extent extent;
  bool quadsA, quadsB;  // whether a's rows along k, b's along n, can be copied four floats at a time

  MatrixFactors() = default;
  explicit MatrixFactors(const Product& product)
      : a(product.a),
        b(product.b),
        extent(product.extent),
        quadsA(isInQuads(a, extent.k)),
        quadsB(isInQuads(b, extent.n)) {
    requireNarrow(a);
    requireNarrow(b);
  }

  template <class Shape>
  int64_t tiles() const {
    return ceilDivide(extent.m, Shape::rows) * ceilDivide(extent.n, Shape::columns);
  }

  template <class Shape>
  struct Tile {
    static constexpr bool byDepth = false, byColumn = false;
    const MatrixFactors& factors;
    int64_t firstRow, firstColumn;

    __device__ int64_t depth() const { return factors.extent.k; }

    __device__ void loadA(float* panel, int64_t k) const {
      const auto& [a, b, extent, quadsA, quadsB] = factors;
      if (quadsA) {
        copyPanel<Shape::rows, Shape::depth, 4, Shape::threads>(panel, Shape::strideA, 1, a, firstRow, k, extent.m,
                                                                extent.k);
      } else {
        copyPanel<Shape::depth, Shape::rows, 1, Shape::threads>(panel, 1, Shape::strideA, transposed(a), k, firstRow,
                                                                extent.k, extent.m);
      }
    }
    __device__ void loadB(float* panel, int64_t k) const {
      copyPanelB<Shape>(panel, factors.b, factors.quadsB, k, firstColumn, factors.extent.k, factors.extent.n);
    }

    __device__ Place place(int r, int c) const {
      const int64_t row = firstRow + r, column = firstColumn + c;
      return {row * factors.extent.n + column, column, row < factors.extent.m && column < factors.extent.n};
    }
  };

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    const auto perRow = static_cast<uint32_t>(ceilDivide(extent.n, Shape::columns));
    return {*this, static_cast<int64_t>(number / perRow) * Shape::rows,
            static_cast<int64_t>(number % perRow) * Shape::columns};
  }
};

}  // namespace cuda_gan::cuda
