// The matrix product that matmul, dense and their fused forms share: C [m, n] = A [m, k] · B [k, n].
//
// Goto & van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008), cut down to what small batches need:
// B is packed into panels of two vectors' width that stay in the second-level cache; A is read where it is, one
// broadcast element at a time, so any strides will do; a tile of C stays in registers over a block of k and is handed
// to a sink, which stores it or does more with it while it is hot. Where one tile has all rows, an element of B is used
// once: then B too is read where it is, in wide tiles. The sums are the same, to the bit.
#pragma once
#include <algorithm>

#include "../kernel.h"
#include "vector.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Rows of a register tile: as many as the registers hold beside the operands.
constexpr int tileRows = lanes == 16 ? 8 : 6;
constexpr int64_t panelColumns = 2 * lanes;
constexpr int cacheLineFloats = 16;
constexpr int forReading = 0, secondLevel = 2;  // of __builtin_prefetch
// Depth of a block of k. A constant: it decides the order of summation, which must not depend on threads.
constexpr int64_t blockDepth = 512;
// Columns packed together, so that a strip of A read from the first-level cache serves all of them; shallow products
// take as many as fit into the same room, so that C is gone through row by row.
constexpr int64_t groupColumns = 128;
static_assert(groupColumns * blockDepth * sizeof(float) <= scratchBytes);

struct MatrixView {
  const float* data;
  int64_t rowStride, columnStride;
  const float* at(int64_t row, int64_t column) const { return data + row * rowStride + column * columnStride; }
};

inline MatrixView viewOf(const Tensor& matrix, bool transposed) {
  const int64_t width = matrix.shape[1];
  return transposed ? MatrixView{matrix.floats(), 1, width} : MatrixView{matrix.floats(), width, 1};
}

struct GemmShape {
  int64_t m, n, k;
};

// A tile of C on its way to a sink: rows [row, row + rows) and columns [column, column + columns).
struct TilePlace {
  int64_t row, column, columns;
  bool first, last;  // block of k: the first one starts the sum, the last one completes it
};

template <int rows, int vectors>
using Tile = Vec[rows][vectors];

// Stores tiles into a row-major matrix.
struct RowMajorSink {
  float* c;
  int64_t stride;

  template <int rows, int vectors>
  void expect(const TilePlace&) const {}
  template <int rows, int vectors>
  void put(const TilePlace& place, const Tile<rows, vectors>& sum) const {
    for (int i = 0; i < rows; i++) {
      float* row = c + (place.row + i) * stride + place.column;
      for (int j = 0; j < vectors; j++) {
        const int64_t count = std::min<int64_t>(lanes, place.columns - j * lanes);
        float* at = row + j * lanes;
        if (count == lanes) {
          store(at, place.first ? sum[i][j] : load(at) + sum[i][j]);
        } else {
          storePartial(at, count, place.first ? sum[i][j] : loadPartial(at, count) + sum[i][j]);
        }
      }
    }
  }
};

// Stores tiles of Cᵀ into row-major C: rows of the tile are columns there.
struct TransposedSink {
  float* c;
  int64_t stride;

  template <int rows, int vectors>
  void expect(const TilePlace&) const {}
  template <int rows, int vectors>
  void put(const TilePlace& place, const Tile<rows, vectors>& sum) const {
    float tile[rows][vectors * lanes];
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < vectors; j++) store(&tile[i][j * lanes], sum[i][j]);
    for (int64_t j = 0; j < place.columns; j++) {
      float* at = c + (place.column + j) * stride + place.row;
      for (int i = 0; i < rows; i++) at[i] = place.first ? tile[i][j] : at[i] + tile[i][j];
    }
  }
};

// Contiguous pieces of rows, at equal distances.
struct Rows {
  const float* row;
  int64_t stride;
};

// sum = A [rows, depth] · B [depth, vectors · lanes]. Meanwhile, for each row of B one of `next` is fetched into the
// second-level cache: what will be packed or multiplied next. To fetch what is not there does no harm.
template <int rows, int vectors>
inline void multiplyTile(int64_t depth, const float* a, const MatrixView& view, Rows b, Rows next,
                         Tile<rows, vectors>& sum) {
  constexpr int64_t nextColumns = std::max<int64_t>(panelColumns, vectors * lanes);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) sum[i][j] = Vec{};
  for (int64_t k = 0; k < depth; k++) {
    for (int j = 0; j < nextColumns; j += cacheLineFloats) __builtin_prefetch(next.row + j, forReading, secondLevel);
    Vec bk[vectors];
    for (int j = 0; j < vectors; j++) bk[j] = load(b.row + j * lanes);
    for (int i = 0; i < rows; i++) {
      const Vec ai = splat(a[i * view.rowStride]);
      for (int j = 0; j < vectors; j++) sum[i][j] += ai * bk[j];
    }
    a += view.columnStride;
    b.row += b.stride;
    next.row += next.stride;
  }
}

template <int rows, int vectors, typename Sink>
void computeTile(int64_t depth, const float* a, const MatrixView& view, Rows b, Rows next, const TilePlace& place,
                 const Sink& sink) {
  Tile<rows, vectors> sum;
  sink.template expect<rows, vectors>(place);
  multiplyTile<rows, vectors>(depth, a, view, b, next, sum);
  sink.template put<rows, vectors>(place, sum);
}

// Picks the tile for a number of rows in [1, tileRows].
template <int vectors, typename Sink, int rows = tileRows>
void dispatchTile(int64_t wanted, int64_t depth, const float* a, const MatrixView& view, const float* panel,
                  Rows next, const TilePlace& place, const Sink& sink) {
  if constexpr (rows > 0) {
    if (wanted == rows) {
      return computeTile<rows, vectors>(depth, a, view, {panel, vectors * lanes}, next, place, sink);
    }
    dispatchTile<vectors, Sink, rows - 1>(wanted, depth, a, view, panel, next, place, sink);
  }
}

// How far ahead rows of B are fetched that are read where they are.
constexpr int64_t rowsAhead = 8;

// All tiles of `place` that are `vectors` wide; `b` begins at its first column.
template <int rows, int vectors, typename Sink>
void computeTilesInPlace(int64_t depth, const float* a, const MatrixView& view, Rows& b, TilePlace& place,
                         int64_t columnEnd, const Sink& sink) {
  for (; place.column + vectors * lanes <= columnEnd; place.column += vectors * lanes, b.row += vectors * lanes) {
    place.columns = vectors * lanes;
    computeTile<rows, vectors>(depth, a, view, b, {b.row + rowsAhead * b.stride, b.stride}, place, sink);
  }
}

// The tiles from place.column on that are whole vectors, as wide as the registers allow: long pieces of rows are read
// faster. Moves place.column to where they end.
template <typename Sink, int rows = tileRows>
void multiplyInPlace(int64_t wanted, int64_t depth, const float* a, const MatrixView& view, Rows b, TilePlace& place,
                     int64_t columnEnd, const Sink& sink) {
  if constexpr (rows > 0) {
    if (wanted != rows) return multiplyInPlace<Sink, rows - 1>(wanted, depth, a, view, b, place, columnEnd, sink);
    constexpr int widest = rows == 1 ? 8 : rows <= 3 ? 4 : 2;
    computeTilesInPlace<rows, widest>(depth, a, view, b, place, columnEnd, sink);
    if constexpr (widest > 2) computeTilesInPlace<rows, 2>(depth, a, view, b, place, columnEnd, sink);
    computeTilesInPlace<rows, 1>(depth, a, view, b, place, columnEnd, sink);
  }
}

// Width of a packed panel that holds `columns` columns: one vector or two, the rest filled with zeros.
inline int64_t packedWidth(int64_t columns) { return columns <= lanes ? lanes : panelColumns; }

// Packs B [depth, columns] at `source` row by row into `panel`.
inline void packPanel(const MatrixView& view, const float* source, int64_t depth, int64_t columns, float* panel) {
  const int64_t width = packedWidth(columns);
  if (view.columnStride == 1 && columns == width) {
    for (int64_t k = 0; k < depth; k++, source += view.rowStride, panel += width)
      for (int64_t j = 0; j < width; j += lanes) store(panel + j, load(source + j));
    return;
  }
  for (int64_t k = 0; k < depth; k++, source += view.rowStride, panel += width) {
    for (int64_t j = 0; j < columns; j++) panel[j] = source[j * view.columnStride];
    std::fill(panel + columns, panel + width, 0.0f);
  }
}

// C = A · B through `sink`; `finish(row, rowEnd, column, columnEnd)` is called on blocks of C when they are complete.
template <typename Sink, typename Finish>
Kernel gemm(GemmShape shape, MatrixView a, MatrixView b, int threads, Sink sink, Finish finish) {
  const int64_t m = shape.m, n = shape.n, k = shape.k;
  const int64_t panels = (n + panelColumns - 1) / panelColumns;
  const int64_t strips = (m + tileRows - 1) / tileRows;
  if (panels == 0 || strips == 0) return {};
  const bool inPlace = strips == 1 && b.columnStride == 1;
  const int64_t packedPanels = groupColumns * blockDepth / (panelColumns * std::clamp<int64_t>(k, 1, blockDepth));
  const int64_t groupPanels = inPlace ? panels : packedPanels;
  // Rows are shared out where one group takes all panels, at the price of packing once per block of rows; else panels
  // are, and rows too when there are few of them.
  const int64_t rowBlocks = std::min<int64_t>(strips, panels <= groupPanels ? 2 * threads : panels >= 2 * threads ? 1 : (2 * threads + panels - 1) / panels);

  const auto group = [=](int64_t rowBlock, int64_t firstPanel, int64_t lastPanel, float* packed) {
    const int64_t firstStrip = rowBlock * strips / rowBlocks, lastStrip = (rowBlock + 1) * strips / rowBlocks;
    const auto rowOf = [=](int64_t strip) { return strip * m / strips; };
    const int64_t column = firstPanel * panelColumns, columnEnd = std::min(n, lastPanel * panelColumns);
    for (int64_t k0 = 0; k0 == 0 || k0 < k; k0 += blockDepth) {
      const int64_t depth = std::min(blockDepth, k - k0);
      // To the right of column j, else deeper down, else in the next group.
      const auto packedAfter = [=](int64_t j) -> const float* {
        if (j + panelColumns < columnEnd) return b.at(k0, j + panelColumns);
        return k0 + blockDepth < k ? b.at(k0 + blockDepth, column) : b.at(0, columnEnd);
      };
      for (int64_t strip = firstStrip; strip < lastStrip; strip++) {
        const int64_t row = rowOf(strip), rows = rowOf(strip + 1) - row;
        TilePlace place{row, column, 0, k0 == 0, k0 + depth >= k};
        if (inPlace) {
          multiplyInPlace(rows, depth, a.at(row, k0), a, {b.at(k0, column), b.rowStride}, place, columnEnd, sink);
        }
        float* panel = packed;
        for (; place.column < columnEnd; place.column += panelColumns, panel += depth * panelColumns) {
          const int64_t j = place.column, columns = place.columns = std::min(panelColumns, n - j);
          Rows next{panel, 0};  // in the cache already
          if (strip == firstStrip) {
            packPanel(b, b.at(k0, j), depth, columns, panel);
            next = {packedAfter(j), b.rowStride};
          }
          if (columns > lanes) {
            dispatchTile<2>(rows, depth, a.at(row, k0), a, panel, next, place, sink);
          } else {
            dispatchTile<1>(rows, depth, a.at(row, k0), a, panel, next, place, sink);
          }
        }
      }
    }
    finish(rowOf(firstStrip), rowOf(lastStrip), column, columnEnd);
  };

  return {{panels * rowBlocks, [=](int64_t begin, int64_t end, const StepContext& context) {
             while (begin < end) {
               const int64_t rowBlock = begin / panels, panel = begin % panels;
               const int64_t count = std::min({groupPanels, panels - panel, end - begin});
               group(rowBlock, panel, panel + count, context.scratch);
               begin += count;
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
