// Matrix products y [m, n] = a [m, k] · b [k, n]: blocks compute tiles of y and hand each, complete, to a sink
// (sinks.cuh), which finishes it on the way to memory. A block takes the whole depth k; for tiles of few elements its
// threads form slices that share out k, and whose sums are added in a fixed order. Panels of a and b come through
// shared memory, several stages ahead of the sums that use them.
//
// Which product it is, its factors say: MatrixFactors, or those of a convolution. Factors have Tile<Shape>, and
// tile<Shape>(number) makes that of a block. A tile knows its depth, starts the copies of its panels from depth k on,
// to [row][k] or, with `byDepth`, [k][row] (loadA), and to [k][column] (loadB), and tells the sink where its elements
// belong. With `byColumn`, panels of b are [column][k].
#pragma once
#include "matrix-factors.cuh"
#include "sinks.cuh"
#include "tensor-core.cuh"
#include "thin-product.cuh"

namespace cuda_gan::cuda {

// Rounds a factor for tensor cores to TF32 or BFloat16, to nearest with ties to even; they would cut off the bits
// themselves.
template <Precision precision>
__device__ float rounded(float x) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  if constexpr (precision == Precision::Tf32) {
    uint32_t result;
    asm("cvt.rn.tf32.f32 %0, %1;" : "=r"(result) : "f"(x));
    return __uint_as_float(result);
  }
#endif
  constexpr uint32_t dropped = precision == Precision::Tf32 ? 13 : 16;
  const uint32_t bits = __float_as_uint(x);
  if ((bits & 0x7f800000) == 0x7f800000) return x;
  const uint32_t half = (1u << (dropped - 1)) - 1 + ((bits >> dropped) & 1);
  return __uint_as_float((bits + half) & ~((1u << dropped) - 1));
}

template <class Shape, class Factors, class Sink>
struct Gemm : Shape {
  Factors factors;
  Precision precision;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    auto tile = factors.template tile<Shape>(static_cast<uint32_t>(block));
    float* sumsOfTile = sharedFloats();
    bool done = false;
    if constexpr (Shape::suitsTensorCores && hasTensorCores) {
      if (precision != Precision::Float32) {
        WarpTile sums{};
        accumulate(tile, [&](int stage) {
          if (precision == Precision::Tf32) {
            multiplyOnTensorCores<Precision::Tf32>(stage, sums);
          } else {
            multiplyOnTensorCores<Precision::BFloat16>(stage, sums);
          }
        });
        store(sumsOfTile, sums);
        done = true;
      }
    }
    if (!done) {
      float sums[Shape::threadRows][4] = {};
      accumulate(tile, [&](int stage) { multiply(stage, sums); });
      addSlices(sumsOfTile, sums);
    }
    sink.template put<Shape>(sumsOfTile, tile);
  }

 private:
  static constexpr bool byDepth = Factors::template Tile<Shape>::byDepth;
  static constexpr bool byColumn = Factors::template Tile<Shape>::byColumn;
  using PanelOfA = PanelA<Shape, byDepth>;
  using PanelOfB = PanelB<Shape, byColumn>;

  __device__ static int columnGroup() { return threadIdx.x % Shape::columnGroups; }
  __device__ static int rowGroup() { return threadIdx.x / Shape::columnGroups % Shape::rowGroups; }
  __device__ static int slice() { return threadIdx.x / (Shape::columnGroups * Shape::rowGroups); }

  // This thread's place in the tile: rows rowOf(i), columns columnOf(c). Where a panel has rows or columns side by side,
  // a thread takes four that are.
  __device__ static int rowOf(int i) {
    return byDepth ? 4 * (rowGroup() + i / 4 * Shape::rowGroups) + i % 4 : rowGroup() + i * Shape::rowGroups;
  }

  __device__ static int columnOf(int c) {
    return byColumn ? columnGroup() + c * Shape::columnGroups : 4 * columnGroup() + c;
  }

  // Calls multiply(stage) for panel after panel, each when it has arrived.
  template <class Tile, class Multiply>
  __device__ static void accumulate(Tile& tile, Multiply multiply) {
    const int panels = static_cast<int>(ceilDivide(tile.depth(), Shape::depth));
    constexpr int ahead = Shape::stages - 1;
    // Begins before the first panel, where it only loads, so that the code that loads is there once.
#pragma unroll 1
    for (int i = -ahead; i < panels; i++) {
      if (i >= 0) {
        __pipeline_wait_prior(ahead - 1);
        __syncthreads();  // panel i is there for all, and all are done with panel i - 1
      }
      if (i + ahead < panels) load(tile, i + ahead);
      __pipeline_commit();
      if (i >= 0) multiply(i % Shape::stages);
    }
    __syncthreads();
  }

  __device__ static float* panelA(int stage) { return sharedFloats() + stage * (Shape::panelA + Shape::panelB); }
  __device__ static float* panelB(int stage) { return panelA(stage) + Shape::panelA; }

  // Starts the copies of panel i. Panels are copied in their order.
  template <class Tile>
  __device__ static void load(Tile& tile, int i) {
    const int64_t k = static_cast<int64_t>(i) * Shape::depth;
    tile.loadA(panelA(i % Shape::stages), k);
    tile.loadB(panelB(i % Shape::stages), k);
  }

  __device__ void multiply(int stage, float (&sums)[Shape::threadRows][4]) const {
    const float *fromA = panelA(stage), *fromB = panelB(stage);
#pragma unroll
    for (int quad = 0; quad < Shape::quads; quad++) {
      const int k = (quad * Shape::slices + slice()) * 4;
      float left[Shape::threadRows][4], right[4][4];
      loadLeft(left, fromA, k);
      loadRight(right, fromB, k);
#pragma unroll
      for (int j = 0; j < 4; j++)
#pragma unroll
        for (int i = 0; i < Shape::threadRows; i++)
#pragma unroll
          for (int c = 0; c < 4; c++) sums[i][c] = fmaf(left[i][j], right[j][c], sums[i][c]);
    }
  }

  // left[i][j]: row rowOf(i), k + j.
  __device__ static void loadLeft(float (&left)[Shape::threadRows][4], const float* fromA, int k) {
    if constexpr (byDepth) {
      static_assert(Shape::threadRows % 4 == 0);
#pragma unroll
      for (int j = 0; j < 4; j++)
#pragma unroll
        for (int i = 0; i < Shape::threadRows; i += 4) {
          float rows[4];
          loadQuad(rows, fromA + (k + j) * PanelOfA::depthStride + rowOf(i));
#pragma unroll
          for (int r = 0; r < 4; r++) left[i + r][j] = rows[r];
        }
    } else {
#pragma unroll
      for (int i = 0; i < Shape::threadRows; i++) loadQuad(left[i], fromA + rowOf(i) * PanelOfA::rowStride + k);
    }
  }

  // right[j][c]: k + j, column columnOf(c).
  __device__ static void loadRight(float (&right)[4][4], const float* fromB, int k) {
    if constexpr (byColumn) {
#pragma unroll
      for (int c = 0; c < 4; c++) {
        float depths[4];
        loadQuad(depths, fromB + columnOf(c) * PanelOfB::columnStride + k);
#pragma unroll
        for (int j = 0; j < 4; j++) right[j][c] = depths[j];
      }
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++) loadQuad(right[j], fromB + (k + j) * PanelOfB::depthStride + columnOf(0));
    }
  }

  __device__ static void loadQuad(float (&quad)[4], const float* shared) {
    const float4 loaded = *reinterpret_cast<const float4*>(shared);
    quad[0] = loaded.x;
    quad[1] = loaded.y;
    quad[2] = loaded.z;
    quad[3] = loaded.w;
  }

  // On tensor cores, the warps of a block share out its tile: each takes 32 rows of some columns, made of tiles of 16 x 8.
  static constexpr int warpsDown = Shape::rows / 32, warpsAcross = Shape::threads / warpLanes / warpsDown;
  static constexpr int warpColumns = Shape::columns / warpsAcross, warpTiles = Shape::suitsTensorCores ? warpColumns / 8 : 1;
  struct WarpTile {
    float sums[2][warpTiles][4];
  };
  __device__ static int warpRow() { return threadIdx.x / warpLanes / warpsAcross * 32; }
  __device__ static int warpColumn() { return threadIdx.x / warpLanes % warpsAcross * warpColumns; }

  template <Precision rounding>
  __device__ static void multiplyOnTensorCores(int stage, WarpTile& tile) {
    const Lane lane;
    const float* fromA =
        panelA(stage) + (warpRow() + lane.group) * PanelOfA::rowStride + lane.member * PanelOfA::depthStride;
    const float* fromB =
        panelB(stage) + lane.member * PanelOfB::depthStride + (warpColumn() + lane.group) * PanelOfB::columnStride;
#pragma unroll
    for (int k = 0; k < Shape::depth; k += 8) {
      float left[2][4], right[warpTiles][2];
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int part = 0; part < 4; part++)
          left[i][part] =
              rounded<rounding>(
                  fromA[(16 * i + part % 2 * 8) * PanelOfA::rowStride + (k + part / 2 * 4) * PanelOfA::depthStride]);
#pragma unroll
      for (int j = 0; j < warpTiles; j++)
#pragma unroll
        for (int part = 0; part < 2; part++)
          right[j][part] =
              rounded<rounding>(fromB[(k + 4 * part) * PanelOfB::depthStride + 8 * j * PanelOfB::columnStride]);
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < warpTiles; j++) multiplyAdd(tile.sums[i][j], left[i], right[j]);
    }
  }

  __device__ static void store(float* tile, const WarpTile& part) {
    const Lane lane;
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < warpTiles; j++) {
        for (int k = 0; k < 4; k++) {
          const int row = warpRow() + 16 * i + lane.group + k / 2 * 8,
                    column = warpColumn() + 8 * j + 2 * lane.member + k % 2;
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
        tile[slice() * size + rowOf(i) * Shape::columns + columnOf(c)] = sums[i][c];
    __syncthreads();
    if constexpr (Shape::slices > 1) {
#pragma unroll 1
      for (int at = threadIdx.x; at < size; at += Shape::threads) {
        float sum = tile[at];
#pragma unroll
        for (int other = 1; other < Shape::slices; other++) sum += tile[other * size + at];
        tile[at] = sum;
      }
      __syncthreads();
    }
  }
};

template <class Shape, class Factors, class Sink>
Kernel gemmOf(const Factors& factors, const Sink& sink, const Context& context) {
  return launch(Gemm<Shape, Factors, Sink>{{}, factors, context.precision, sink}, factors.template tiles<Shape>());
}

// The product in tiles that hold all rows, of which there are at most `narrowRows`.
template <class Factors = MatrixFactors, class Sink>
Kernel gemmOfColumns(const Product& product, const Sink& sink, const Context& context) {
  const int64_t rows = product.extent.m;
  const Factors factors(product);
  if (rows <= 16) return gemmOf<Narrow16>(factors, sink, context);
  if (rows <= 32) return gemmOf<Narrow32>(factors, sink, context);
  return rows <= 64 ? gemmOf<Narrow64>(factors, sink, context) : gemmOf<Narrow128>(factors, sink, context);
}

// The product by the shape of tile that suits its rows.
template <class Factors = MatrixFactors, class Sink>
Kernel gemm(const Product& product, const Sink& sink, const Context& context) {
  if (isThin(product.extent)) return thinProduct(product, sink);
  if (product.extent.m <= narrowRows) return gemmOfColumns<Factors>(product, sink, context);
  return gemmOf<Wide>(Factors(product), sink, context);
}

}  // namespace cuda_gan::cuda
