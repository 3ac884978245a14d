// How a block of threads computes a tile of a matrix product, and how panels of the factors lie in shared memory.
#pragma once
#include <cstddef>
#include <cstdint>

namespace cuda_gan::cuda {

// A tile of `rows` x `columns`: a thread sums `threadRows` x 4 elements over its slice of the depth. Panels of the
// factors are `depth` deep, and `stages` of them are in shared memory or on their way there.
template <int rows_, int columns_, int threadRows_, int depth_, int stages_>
struct TileShape {
  static constexpr int rows = rows_, columns = columns_, threadRows = threadRows_, depth = depth_, stages = stages_;
  static constexpr int threads = 256, threadColumns = 4;
  static constexpr int rowGroups = rows / threadRows, columnGroups = columns / threadColumns;
  static constexpr int slices = threads / (rowGroups * columnGroups);
  static constexpr int quads = depth / (4 * slices);  // groups of four k that a slice takes of every panel
  static constexpr bool suitsTensorCores = rows >= 64 && columns == 64;
  // Padded against bank conflicts: of float4 along the depth, and of the single floats that tensor cores take.
  static constexpr int strideA = depth + 4, strideB = columns + (suitsTensorCores ? 8 : 4);
  static constexpr int panelA = rows * strideA;
  static constexpr int panelB = depth * strideB > columns * strideA ? depth * strideB : columns * strideA;
  static constexpr size_t sharedBytes =
      sizeof(float) *
      (stages * (panelA + panelB) > slices * rows * columns ? stages * (panelA + panelB) : slices * rows * columns);
  static_assert(slices * rowGroups * columnGroups == threads && quads * 4 * slices == depth);
  static_assert(sharedBytes + threads * sizeof(float) <= 48 * 1024);  // sums of columns take some besides
};

// For batches up to 128: all rows in one tile, and few columns, so that every multiprocessor gets some.
using Narrow16 = TileShape<16, 8, 2, 64, 4>;
using Narrow32 = TileShape<32, 8, 4, 64, 4>;
using Narrow64 = TileShape<64, 8, 8, 64, 2>;
using Narrow128 = TileShape<128, 8, 8, 32, 2>;
// For gradients of weights, whose depth is the batch: small tiles, because what follows is bound by memory.
using Shallow = TileShape<32, 32, 1, 16, 3>;
// For all that is large.
using Wide = TileShape<64, 64, 4, 16, 3>;
// For convolutions, whose rows are many.
using Tall = TileShape<128, 64, 8, 16, 3>;
// For those of few rows or columns.
using Compact = TileShape<32, 32, 4, 32, 3>;

// Where an element of a tile belongs: its index in the result, in row-major order, and along the last axis.
struct Place {
  int64_t index, column;
  bool inside;
};

// How the panel of the left factor lies: [row][k], or with `byDepth` [k][row], for factors whose neighbours in memory
// are neighbouring rows.
template <class Shape, bool byDepth>
struct PanelA {
  static constexpr int padding = Shape::suitsTensorCores ? 8 : 4;
  static constexpr int rowStride = byDepth ? 1 : Shape::strideA;
  static constexpr int depthStride = byDepth ? Shape::rows + padding : 1;
  static_assert(Shape::depth * (Shape::rows + padding) <= Shape::panelA || !byDepth);
};

// How the panel of the right factor lies: [k][column], or with `byColumn` [column][k], for factors whose neighbours in
// memory are neighbours along the depth.
template <class Shape, bool byColumn>
struct PanelB {
  static constexpr int columnStride = byColumn ? Shape::strideA : 1;
  static constexpr int depthStride = byColumn ? 1 : Shape::strideB;
};

}  // namespace cuda_gan::cuda
