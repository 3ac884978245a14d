// Matrix products y [m, n] = a [m, k] · b [k, n] that are thin: of few columns, or of little depth. Tiles of Gemm would
// be few, or almost empty. Where the rows of a lie along k, warps take a row each and share out k; where its columns
// are neighbours in memory, lanes take neighbouring rows; and where k is small, a thread computes elements of a column.
// Every sum has an order that depends on the shapes only. The tiles go to a sink, as those of Gemm do.
#pragma once
#include "product.h"
#include "rows.cuh"
#include "sinks.cuh"

namespace cuda_gan::cuda {

constexpr int64_t thinDepth = 4, thinColumns = 4, thinColumnsOfNarrowRows = 16;

inline bool isThin(const Extent& extent) {
  return extent.k <= thinDepth || extent.n <= thinColumns ||
         (extent.n <= thinColumnsOfNarrowRows && extent.m <= narrowRows);
}

// The factors, and tiles of the product.
struct ThinFactors {
  MatrixView a, b;
  Extent extent;

  struct Tile {
    int64_t firstRow, firstColumn;
    Extent extent;

    __device__ Place place(int r, int c) const {
      const int64_t row = firstRow + r, column = firstColumn + c;
      return {row * extent.n + column, column, row < extent.m && column < extent.n};
    }
    // Beyond the last row or column that one is read again, into elements that are not inside.
    __device__ int64_t rowOf(int r) const { return firstRow + r < extent.m ? firstRow + r : extent.m - 1; }
    __device__ int64_t columnOf(int c) const { return firstColumn + c < extent.n ? firstColumn + c : extent.n - 1; }
  };

  template <class Shape>
  int64_t tiles() const {
    return ceilDivide(extent.m, Shape::rows) * ceilDivide(extent.n, Shape::columns);
  }
  template <class Shape>
  __device__ Tile tile(int64_t number) const {
    const auto perRow = static_cast<uint32_t>(ceilDivide(extent.n, Shape::columns));
    const auto at = static_cast<uint32_t>(number);
    return {static_cast<int64_t>(at / perRow) * Shape::rows, static_cast<int64_t>(at % perRow) * Shape::columns, extent};
  }

  __device__ const float* ofA(int64_t row, int64_t k) const {
    return a.data + row * a.rowStride + k * a.columnStride;
  }
  __device__ const float* ofB(int64_t k, int64_t column) const {
    return b.data + k * b.rowStride + column * b.columnStride;
  }
};

// Adds up the slices [slices][size] of a tile's sums, in their order, into the first; complete for all threads.
template <int slices, int size>
__device__ void addThinSlices(float* sums) {
  static_assert(size <= 256);
  __syncthreads();
  if constexpr (slices > 1) {
    if (threadIdx.x < size) {
      float sum = sums[threadIdx.x];
      for (int slice = 1; slice < slices; slice++) sum += sums[slice * size + threadIdx.x];
      sums[threadIdx.x] = sum;
    }
    __syncthreads();
  }
}

// For rows of a that lie along k: `warps` warps take a row, times `columns` columns. A lane takes four k at a time.
template <int warps, int columns_, class Sink>
struct ThinRows {
  static constexpr int threads = 256, columns = columns_, rows = threads / warpLanes / warps;
  static constexpr size_t sharedBytes = sizeof(float) * warps * rows * columns;
  ThinFactors factors;
  bool inQuads;  // whether four k at a time can be read, of both factors
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const auto tile = factors.template tile<ThinRows>(block);
    const int row = threadIdx.x / warpLanes / warps, slice = threadIdx.x / warpLanes % warps;
    float sums[columns] = {};
    if (inQuads) {
      add<true>(sums, tile, row, slice);
    } else {
      add<false>(sums, tile, row, slice);
    }
    for (int c = 0; c < columns; c++) {
      const float sum = sumOfLanes(sums[c]);
      if (threadIdx.x % warpLanes == 0) sharedFloats()[(slice * rows + row) * columns + c] = sum;
    }
    addThinSlices<warps, rows * columns>(sharedFloats());
    sink.template put<ThinRows>(sharedFloats(), tile);
  }

 private:
  template <bool whole>
  __device__ void add(float (&sums)[columns], const ThinFactors::Tile& tile, int row, int slice) const {
    constexpr int64_t step = 4 * warpLanes * warps;
    constexpr int quadsUnderWay = !whole ? 1 : columns == 1 ? 4 : 2;  // of a row, that are loaded before they are used
    const int64_t depth = factors.extent.k;
    const float* left = factors.ofA(tile.rowOf(row), 0);
    const float* right[columns];
    for (int c = 0; c < columns; c++) right[c] = factors.ofB(0, tile.columnOf(c));
    for (int64_t first = 4 * (slice * warpLanes + threadIdx.x % warpLanes); first < depth;
         first += quadsUnderWay * step) {
      float fromA[quadsUnderWay][4], fromB[quadsUnderWay][columns][4];
#pragma unroll
      for (int i = 0; i < quadsUnderWay; i++) {
        const int64_t k = first + i * step;
        load<whole>(fromA[i], left, 1, k);
#pragma unroll
        for (int c = 0; c < columns; c++) load<whole>(fromB[i][c], right[c], factors.b.rowStride, k);
      }
#pragma unroll
      for (int i = 0; i < quadsUnderWay; i++)
#pragma unroll
        for (int c = 0; c < columns; c++)
#pragma unroll
          for (int j = 0; j < 4; j++) sums[c] = fmaf(fromA[i][j], fromB[i][c][j], sums[c]);
    }
  }

  // Four elements from k on; zeros beyond the depth.
  template <bool whole>
  __device__ void load(float (&quad)[4], const float* from, int64_t stride, int64_t k) const {
    const int64_t depth = factors.extent.k;
    if constexpr (whole) {
      const bool inside = k < depth;
      const float4 loaded = *reinterpret_cast<const float4*>(from + (inside ? k : 0));
      quad[0] = inside ? loaded.x : 0.0f;
      quad[1] = inside ? loaded.y : 0.0f;
      quad[2] = inside ? loaded.z : 0.0f;
      quad[3] = inside ? loaded.w : 0.0f;
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        const bool inside = k + j < depth;
        const float loaded = from[inside ? (k + j) * stride : 0];
        quad[j] = inside ? loaded : 0.0f;
      }
    }
  }
};

// For rows of a that are neighbours in memory, as in the gradient of a kernel: a lane takes a row, and the warps share
// out k.
template <class Sink>
struct ThinColumns {
  static constexpr int threads = 256, columns = static_cast<int>(thinColumns), rows = warpLanes;
  static constexpr int slices = threads / warpLanes;
  static constexpr size_t sharedBytes = sizeof(float) * slices * rows * columns;
  ThinFactors factors;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const auto tile = factors.template tile<ThinColumns>(block);
    const int row = threadIdx.x % warpLanes, slice = threadIdx.x / warpLanes;
    const int64_t depth = factors.extent.k;
    const float* left = factors.ofA(tile.rowOf(row), 0);
    const float* right[columns];
    for (int c = 0; c < columns; c++) right[c] = factors.ofB(0, tile.columnOf(c));
    float sums[columns] = {};
    constexpr int underWay = 4;
    for (int64_t first = slice; first < depth; first += underWay * slices) {
      float fromA[underWay], fromB[underWay][columns];
#pragma unroll
      for (int i = 0; i < underWay; i++) {
        const int64_t k = first + i * slices;
        const bool inside = k < depth;
        fromA[i] = left[inside ? k * factors.a.columnStride : 0];
        if (!inside) fromA[i] = 0;
#pragma unroll
        for (int c = 0; c < columns; c++) {
          fromB[i][c] = right[c][inside ? k * factors.b.rowStride : 0];
          if (!inside) fromB[i][c] = 0;
        }
      }
#pragma unroll
      for (int i = 0; i < underWay; i++)
#pragma unroll
        for (int c = 0; c < columns; c++) sums[c] = fmaf(fromA[i], fromB[i][c], sums[c]);
    }
    for (int c = 0; c < columns; c++) sharedFloats()[(slice * rows + row) * columns + c] = sums[c];
    addThinSlices<slices, rows * columns>(sharedFloats());
    sink.template put<ThinColumns>(sharedFloats(), tile);
  }
};

// For little depth: a thread takes four elements of a column.
template <class Sink>
struct ThinDepth {
  static constexpr int threads = 256, rows = 4, columns = threads;
  static constexpr size_t sharedBytes = sizeof(float) * rows * columns;
  ThinFactors factors;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const auto tile = factors.template tile<ThinDepth>(block);
    const int64_t column = tile.columnOf(threadIdx.x);
    float sums[rows] = {};
    for (int64_t k = 0; k < factors.extent.k; k++) {
      const float right = *factors.ofB(k, column);
#pragma unroll
      for (int r = 0; r < rows; r++) sums[r] = fmaf(*factors.ofA(tile.rowOf(r), k), right, sums[r]);
    }
#pragma unroll
    for (int r = 0; r < rows; r++) sharedFloats()[r * columns + threadIdx.x] = sums[r];
    __syncthreads();
    sink.template put<ThinDepth>(sharedFloats(), tile);
  }
};

template <int warps, int columns, class Sink>
Kernel thinRows(const ThinFactors& factors, const Sink& sink) {
  const auto& [a, b, extent] = factors;
  const auto isAligned = [](const MatrixView& view) { return reinterpret_cast<uintptr_t>(view.data) % 16 == 0; };
  const bool inQuads = extent.k % 4 == 0 && a.rowStride % 4 == 0 && isAligned(a) && b.rowStride == 1 &&
                       (extent.n == 1 || b.columnStride % 4 == 0) && isAligned(b);
  using Body = ThinRows<warps, columns, Sink>;
  return launch(Body{factors, inQuads, sink}, factors.template tiles<Body>());
}

// A thin product, handed to a sink.
template <class Sink>
Kernel thinProduct(const Product& product, const Sink& sink) {
  const ThinFactors factors{product.a, product.b, product.extent};
  const auto& [m, n, k] = product.extent;
  constexpr int few = static_cast<int>(thinColumns);
  constexpr int64_t depthOfWarp = 1024;  // a row is left to one warp up to it
  if (n > thinColumns && k <= thinDepth)
    return launch(ThinDepth<Sink>{factors, sink}, factors.template tiles<ThinDepth<Sink>>());
  if (product.a.columnStride != 1)
    return launch(ThinColumns<Sink>{factors, sink}, factors.template tiles<ThinColumns<Sink>>());
  if (k <= depthOfWarp) return thinRows<1, few>(factors, sink);
  return n == 1 ? thinRows<8, 1>(factors, sink) : thinRows<8, few>(factors, sink);
}

}  // namespace cuda_gan::cuda
