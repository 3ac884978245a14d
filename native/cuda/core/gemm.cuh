// The matrix product y [m, n] = a [m, k] · b [k, n]: blocks compute tiles of y and hand each, complete, to a sink, which
// finishes it on the way to memory. A block takes the whole depth k; for tiles of few elements its threads form slices
// that share out k, and whose sums are added in a fixed order. Panels of a and b come through shared memory, several
// stages ahead of the sums that use them.
#pragma once
#include <cuda_pipeline_primitives.h>

#include "launch.cuh"
#include "product.h"
#include "tensor-core.cuh"

namespace cuda_gan::cuda {

// Rounds a factor for tensor cores to TF32 or BFloat16, to nearest with ties to even; they would cut off the bits themselves.
__device__ inline float rounded(float x, Precision precision) {
  if (precision == Precision::Float32) return x;
  const uint32_t dropped = precision == Precision::Tf32 ? 13 : 16;
  const uint32_t bits = __float_as_uint(x);
  if ((bits & 0x7f800000) == 0x7f800000) return x;
  const uint32_t half = (1u << (dropped - 1)) - 1 + ((bits >> dropped) & 1);
  return __uint_as_float((bits + half) & ~((1u << dropped) - 1));
}

// How a tile of `rows` x `columns` is computed: a thread sums `threadRows` x 4 elements over its slice of the depth.
template <int rows_, int columns_, int threadRows_, int depth_, int stages_>
struct TileShape {
  static constexpr int rows = rows_, columns = columns_, threadRows = threadRows_, depth = depth_, stages = stages_;
  static constexpr int threads = 256, threadColumns = 4;
  static constexpr int rowGroups = rows / threadRows, columnGroups = columns / threadColumns;
  static constexpr int slices = threads / (rowGroups * columnGroups);
  static constexpr int quads = depth / (4 * slices);  // groups of four k that a slice takes of every panel
  static constexpr int strideA = depth + 4, strideB = columns + 4;  // padded against bank conflicts
  static constexpr int panelA = rows * strideA, panelB = depth * strideB;
  static constexpr bool suitsTensorCores = rows == 64 && columns == 64;
  static constexpr size_t sharedBytes =
      sizeof(float) * (stages * (panelA + panelB) > slices * rows * columns ? stages * (panelA + panelB) : slices * rows * columns);
  static_assert(slices * rowGroups * columnGroups == threads && quads * 4 * slices == depth);
  static_assert(sharedBytes + threads * sizeof(float) <= 48 * 1024);  // sums of columns take some besides
};

// For batches up to 128: all rows in one tile, and few columns, so that every multiprocessor gets some.
using Narrow32 = TileShape<32, 8, 4, 64, 4>;
using Narrow64 = TileShape<64, 8, 8, 64, 2>;
using Narrow128 = TileShape<128, 8, 8, 32, 2>;
// For gradients of weights, whose depth is the batch: small tiles, because what follows is bound by memory.
using Shallow = TileShape<32, 32, 1, 16, 3>;
// For all that is large.
using Wide = TileShape<64, 64, 4, 16, 3>;

// A copy of `count` floats, 1 or 4, to shared memory that need not be complete before waitForStage(); zeros where not `inside`.
template <int count>
__device__ void copyAsync(float* shared, const float* global, bool inside, const float* somewhere) {
  constexpr size_t bytes = count * sizeof(float);
  __pipeline_memcpy_async(shared, inside ? global : somewhere, bytes, inside ? 0 : bytes);
}

template <class Shape, class Sink>
struct Gemm : Shape {
  MatrixView a, b;
  Extent extent;
  int64_t tilesPerRow;
  Precision precision;
  bool quadsA, quadsB;  // whether a's rows along k, b's along n, can be copied four floats at a time
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const auto number = static_cast<uint32_t>(block), perRow = static_cast<uint32_t>(tilesPerRow);
    const int64_t row = static_cast<int64_t>(number / perRow) * Shape::rows;
    const int64_t column = static_cast<int64_t>(number % perRow) * Shape::columns;
    float* tile = sharedFloats();
    bool done = false;
    if constexpr (Shape::suitsTensorCores && hasTensorCores) {
      if (precision != Precision::Float32) {
        WarpTile sums{};
        accumulate(row, column, [&](int stage) { multiplyOnTensorCores(stage, sums); });
        store(tile, sums);
        done = true;
      }
    }
    if (!done) {
      float sums[Shape::threadRows][4] = {};
      accumulate(row, column, [&](int stage) { multiply(stage, sums); });
      addSlices(tile, sums);
    }
    sink.template put<Shape>(tile, row, column, extent);
  }

 private:
  // This thread's place: rows rowGroup + i · rowGroups, columns 4 · columnGroup + j.
  __device__ static int columnGroup() { return threadIdx.x % Shape::columnGroups; }
  __device__ static int rowGroup() { return threadIdx.x / Shape::columnGroups % Shape::rowGroups; }
  __device__ static int slice() { return threadIdx.x / (Shape::columnGroups * Shape::rowGroups); }

  // Calls multiply(stage) for panel after panel, each when it has arrived.
  template <class Multiply>
  __device__ void accumulate(int64_t row, int64_t column, Multiply multiply) const {
    const int panels = static_cast<int>(ceilDivide(extent.k, Shape::depth));
    constexpr int ahead = Shape::stages - 1;
    // Begins before the first panel, where it only loads, so that the code that loads is there once.
#pragma unroll 1
    for (int i = -ahead; i < panels; i++) {
      if (i >= 0) {
        __pipeline_wait_prior(ahead - 1);
        __syncthreads();  // panel i is there for all, and all are done with panel i - 1
      }
      if (i + ahead < panels) load(i + ahead, row, column);
      __pipeline_commit();
      if (i >= 0) multiply(i % Shape::stages);
    }
    __syncthreads();
  }

  __device__ static float* panelA(int stage) { return sharedFloats() + stage * (Shape::panelA + Shape::panelB); }
  __device__ static float* panelB(int stage) { return panelA(stage) + Shape::panelA; }

  // Starts the copy of panel i of a, to [row][k], and of b, to [k][column].
  __device__ void load(int i, int64_t row, int64_t column) const {
    const int64_t k = static_cast<int64_t>(i) * Shape::depth;
    float *toA = panelA(i % Shape::stages), *toB = panelB(i % Shape::stages);
    if (quadsA) {
      copyPanel<Shape::rows, Shape::depth, 4>(toA, Shape::strideA, 1, a, row, k, extent.m, extent.k);
    } else {
      copyPanel<Shape::depth, Shape::rows, 1>(toA, 1, Shape::strideA, transposed(a), k, row, extent.k, extent.m);
    }
    if (quadsB) {
      copyPanel<Shape::depth, Shape::columns, 4>(toB, Shape::strideB, 1, b, k, column, extent.k, extent.n);
    } else {
      copyPanel<Shape::columns, Shape::depth, 1>(toB, 1, Shape::strideB, transposed(b), column, k, extent.n, extent.k);
    }
  }

  __device__ static MatrixView transposed(const MatrixView& view) {
    return {view.data, view.columnStride, view.rowStride};
  }

  // Copies `height` x `width` elements from (row, column) on, neighbouring threads along the width, `vector` at a time.
  template <int height, int width, int vector>
  __device__ static void copyPanel(float* to, int rowStride, int columnStride, const MatrixView& from, int64_t row,
                                   int64_t column, int64_t rows, int64_t columns) {
    constexpr int perRow = width / vector;
    const float* first = from.data + row * from.rowStride + column * from.columnStride;
    const int rowStep = static_cast<int>(from.rowStride), columnStep = static_cast<int>(from.columnStride);
    const int rowsLeft = static_cast<int>(rows - row < height ? rows - row : height);
    const int columnsLeft = static_cast<int>(columns - column < width ? columns - column : width);
    for (int i = threadIdx.x; i < height * perRow; i += Shape::threads) {
      const int r = i / perRow, c = i % perRow * vector;
      const bool inside = r < rowsLeft && c < columnsLeft;
      copyAsync<vector>(to + r * rowStride + c * columnStride, first + r * rowStep + c * columnStep, inside, from.data);
    }
  }

  __device__ void multiply(int stage, float (&sums)[Shape::threadRows][4]) const {
    const float *fromA = panelA(stage), *fromB = panelB(stage);
#pragma unroll
    for (int quad = 0; quad < Shape::quads; quad++) {
      const int k = (quad * Shape::slices + slice()) * 4;
      float left[Shape::threadRows][4], right[4][4];
#pragma unroll
      for (int i = 0; i < Shape::threadRows; i++)
        loadQuad(left[i], fromA + (rowGroup() + i * Shape::rowGroups) * Shape::strideA + k);
#pragma unroll
      for (int j = 0; j < 4; j++) loadQuad(right[j], fromB + (k + j) * Shape::strideB + 4 * columnGroup());
#pragma unroll
      for (int j = 0; j < 4; j++)
#pragma unroll
        for (int i = 0; i < Shape::threadRows; i++)
#pragma unroll
          for (int c = 0; c < 4; c++) sums[i][c] = fmaf(left[i][j], right[j][c], sums[i][c]);
    }
  }

  __device__ static void loadQuad(float (&quad)[4], const float* shared) {
    const float4 loaded = *reinterpret_cast<const float4*>(shared);
    quad[0] = loaded.x;
    quad[1] = loaded.y;
    quad[2] = loaded.z;
    quad[3] = loaded.w;
  }

  // On tensor cores, the eight warps of a block share out a tile of 64 x 64: two times four parts of 32 x 16, each of 2 x 2
  // tiles of 16 x 8.
  struct WarpTile {
    float sums[2][2][4];
  };
  __device__ static int warpRow() { return threadIdx.x / warpLanes / 4 * 32; }
  __device__ static int warpColumn() { return threadIdx.x / warpLanes % 4 * 16; }

  __device__ void multiplyOnTensorCores(int stage, WarpTile& tile) const {
    const Lane lane;
    const float* fromA = panelA(stage) + (warpRow() + lane.group) * Shape::strideA + lane.member;
    const float* fromB = panelB(stage) + lane.member * Shape::strideB + warpColumn() + lane.group;
#pragma unroll
    for (int k = 0; k < Shape::depth; k += 8) {
      float left[2][4], right[2][2];
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int part = 0; part < 4; part++)
          left[i][part] = rounded(fromA[(16 * i + part % 2 * 8) * Shape::strideA + k + part / 2 * 4], precision);
#pragma unroll
      for (int j = 0; j < 2; j++)
#pragma unroll
        for (int part = 0; part < 2; part++)
          right[j][part] = rounded(fromB[(k + 4 * part) * Shape::strideB + 8 * j], precision);
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < 2; j++) multiplyAdd(tile.sums[i][j], left[i], right[j]);
    }
  }

  __device__ static void store(float* tile, const WarpTile& part) {
    const Lane lane;
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 4; k++) {
          const int row = warpRow() + 16 * i + lane.group + k / 2 * 8, column = warpColumn() + 8 * j + 2 * lane.member + k % 2;
          tile[row * Shape::columns + column] = part.sums[i][j][k];
        }
      }
    }
    __syncthreads();
  }

  // The tile [rows][columns] of the slices' sums, in shared memory, complete for all threads.
  __device__ static void addSlices(float* tile, const float (&sums)[Shape::threadRows][4]) {
    constexpr int size = Shape::rows * Shape::columns;
    for (int i = 0; i < Shape::threadRows; i++)
      for (int c = 0; c < 4; c++)
        tile[slice() * size + (rowGroup() + i * Shape::rowGroups) * Shape::columns + 4 * columnGroup() + c] = sums[i][c];
    __syncthreads();
    if constexpr (Shape::slices > 1) {
      for (int at = threadIdx.x; at < size; at += Shape::threads) {
        float sum = tile[at];
        for (int other = 1; other < Shape::slices; other++) sum += tile[other * size + at];
        tile[at] = sum;
      }
      __syncthreads();
    }
  }
};

// A sink that calls f(row, column, element) for every element.
template <class F>
struct EachElement {
  F f;

  template <class Shape>
  __device__ void put(float* tile, int64_t row, int64_t column, const Extent& extent) const {
    for (int at = threadIdx.x; at < Shape::rows * Shape::columns; at += Shape::threads) {
      const int64_t r = row + at / Shape::columns, c = column + at % Shape::columns;
      if (r < extent.m && c < extent.n) f(r, c, tile[at]);
    }
  }
};

template <class Shape, class Sink>
Kernel gemmOf(const Product& product, const Sink& sink, const Context& context) {
  // Rows of whole quads that begin at a multiple of 16 bytes.
  const auto inQuads = [](const MatrixView& view, int64_t length) {
    return view.columnStride == 1 && view.rowStride % 4 == 0 && length % 4 == 0 &&
           reinterpret_cast<uintptr_t>(view.data) % 16 == 0;
  };
  const Extent& extent = product.extent;
  Gemm<Shape, Sink> gemm{};
  gemm.a = product.a;
  gemm.b = product.b;
  gemm.extent = extent;
  gemm.tilesPerRow = ceilDivide(extent.n, Shape::columns);
  gemm.precision = context.precision;
  gemm.quadsA = inQuads(product.a, extent.k);
  gemm.quadsB = inQuads(product.b, extent.n);
  gemm.sink = sink;
  // Within a tile, offsets are 32-bit numbers.
  for (const int64_t stride : {product.a.rowStride, product.a.columnStride, product.b.rowStride, product.b.columnStride})
    if (stride > INT32_MAX / 128) throw std::runtime_error("a matrix is too wide for the cuda device");
  return launch(gemm, ceilDivide(extent.m, Shape::rows) * gemm.tilesPerRow);
}

// The product by the shape of tile that suits its rows.
template <class Sink>
Kernel gemm(const Product& product, const Sink& sink, const Context& context) {
  const int64_t rows = product.extent.m;
  if (rows <= 32) return gemmOf<Narrow32>(product, sink, context);
  if (rows <= 64) return gemmOf<Narrow64>(product, sink, context);
  if (rows <= narrowRows) return gemmOf<Narrow128>(product, sink, context);
  return gemmOf<Wide>(product, sink, context);
}

}  // namespace cuda_gan::cuda
