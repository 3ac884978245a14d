// The factors of a plain matrix product, for Gemm.
#pragma once
#include "panels.cuh"
#include "tile-shape.cuh"

namespace cuda_gan::cuda {

template <class Shape, bool byColumn>
struct MatrixTile;

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
  using Tile = MatrixTile<Shape, false>;

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    return Tile<Shape>(*this, number);
  }
};

// Those of which b's columns, rather than its rows, are whole quads in memory.
struct MatrixFactorsByColumn : MatrixFactors {
  MatrixFactorsByColumn() = default;
  explicit MatrixFactorsByColumn(const Product& product) : MatrixFactors(product) {}

  static bool suit(const Product& product) { return isInQuads(transposed(product.b), product.extent.k); }

  template <class Shape>
  using Tile = MatrixTile<Shape, true>;

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    return Tile<Shape>(*this, number);
  }
};

// Panels of a whose rows are not whole quads, and of b, are copied float by float.
template <class Shape, bool byColumn_>
struct MatrixTile {
  static constexpr bool byDepth = false, byColumn = byColumn_;
  const MatrixFactors& factors;
  int64_t firstRow, firstColumn;

  __device__ MatrixTile(const MatrixFactors& factors, uint32_t number) : factors(factors) {
    const auto& [a, b, extent, quadsA, quadsB] = factors;
    const auto perRow = static_cast<uint32_t>(ceilDivide(extent.n, Shape::columns));
    firstRow = static_cast<int64_t>(number / perRow) * Shape::rows;
    firstColumn = static_cast<int64_t>(number % perRow) * Shape::columns;
    copiesOfA_ = {a, firstRow, 0, extent.m, extent.k};
    if constexpr (byColumn) {
      copiesOfB_ = {transposed(b), firstColumn, 0, extent.n, extent.k};
    } else {
      copiesOfB_ = {b, 0, firstColumn, extent.k, extent.n};
    }
  }

  __device__ int64_t depth() const { return factors.extent.k; }

  __device__ void loadA(float* panel, int64_t k) {
    const auto& [a, b, extent, quadsA, quadsB] = factors;
    if (quadsA) {
      copiesOfA_.template start<Shape::strideA>(panel);
    } else {
      copyPanel<Shape::depth, Shape::rows, 1, Shape::threads>(panel, 1, Shape::strideA, transposed(a), k, firstRow,
                                                              extent.k, extent.m);
    }
  }
  __device__ void loadB(float* panel, int64_t k) {
    const auto& [a, b, extent, quadsA, quadsB] = factors;
    if constexpr (byColumn) {
      copiesOfB_.template start<PanelB<Shape, true>::columnStride>(panel);
    } else if (quadsB) {
      copiesOfB_.template start<Shape::strideB>(panel);
    } else {
      copyPanel<Shape::columns, Shape::depth, 1, Shape::threads>(panel, 1, Shape::strideB, transposed(b), firstColumn, k,
                                                                 extent.n, extent.k);
    }
  }

  __device__ Place place(int r, int c) const {
    const int64_t row = firstRow + r, column = firstColumn + c;
    return {row * factors.extent.n + column, column, row < factors.extent.m && column < factors.extent.n};
  }

 private:
  QuadCopies<Shape::rows, Shape::depth, Shape::threads, false> copiesOfA_;
  QuadCopies<byColumn ? Shape::columns : Shape::depth, byColumn ? Shape::depth : Shape::columns, Shape::threads, !byColumn>
      copiesOfB_;
};

}  // namespace cuda_gan::cuda
