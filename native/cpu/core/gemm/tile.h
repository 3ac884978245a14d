// A tile of C that stays in registers over a block of the depth, and the loop that computes it.
#pragma once
#include <algorithm>
#include <type_traits>

#include "../vector.h"
#include "matrix.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Rows and vectors of a register tile: as many as the registers hold beside the operands. With those of AVX-512, a tile of
// three vectors needs less than half a load for each multiply-add.
constexpr int tileRows = lanes == 16 ? 8 : 6;
constexpr int panelVectors = lanes == 16 ? 3 : 2;
constexpr int64_t panelColumns = panelVectors * lanes;
constexpr int cacheLineFloats = 16;
constexpr int forReading = 0, forWriting = 1, secondLevel = 2;  // of __builtin_prefetch

// How far ahead rows are fetched that are read where they are.
constexpr int64_t rowsAhead = 8;

// A tile of C on its way to a sink: rows [row, row + rows) and columns [column, column + columns).
struct TilePlace {
  int64_t row, column, columns;
  bool first, last;  // block of k: the first one starts the sum, the last one completes it
};

template <int rows, int vectors>
using Tile = Vec[rows][vectors];

// Calls body(row, vector) for all vectors of a tile, unrolled, so that the tile stays in registers.
template <int rows, int vectors, typename Body>
inline __attribute__((always_inline)) void forTile(Body body) {
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 16
    for (int j = 0; j < vectors; j++) body(i, j);
}

// Calls body(vectors) with a constant: how many vectors up to panelColumns columns fill.
template <int vectors = panelVectors, typename Body>
inline void withVectors(int64_t columns, Body body) {
  if constexpr (vectors > 1) {
    if (columns <= (vectors - 1) * lanes) return withVectors<vectors - 1>(columns, body);
  }
  body(std::integral_constant<int, vectors>{});
}

// Contiguous pieces of rows, at equal distances.
struct Rows {
  const float* row;
  int64_t stride;
};

// sum = A [rows, depth] · B [depth, vectors · lanes]. Meanwhile, at each step of the depth one piece of `next` is fetched
// into the second-level cache: what will be packed or multiplied next. To fetch what is not there does no harm.
template <int rows, int vectors, bool fetching>
inline void multiplyTile(int64_t depth, const MatrixView& a, Rows b, Rows next, Tile<rows, vectors>& sum) {
  forTile<rows, vectors>([&](int i, int j) { sum[i][j] = Vec{}; });
  const float* ak = a.data;
#pragma GCC unroll 4
  for (int64_t k = 0; k < depth; k++) {
    if constexpr (fetching) {
      for (int j = 0; j < vectors * lanes; j += cacheLineFloats) __builtin_prefetch(next.row + j, forReading, secondLevel);
      next.row += next.stride;
    }
    Vec bk[vectors];
    for (int j = 0; j < vectors; j++) bk[j] = load(b.row + j * lanes);
    for (int i = 0; i < rows; i++) {
      const Vec ai = splat(ak[i * a.rowStride]);
      for (int j = 0; j < vectors; j++) sum[i][j] += ai * bk[j];
    }
    ak += a.columnStride;
    b.row += b.stride;
  }
}

// A function of its own: inlined into its callers' loops, GCC 12 may keep the tile in memory, at a quarter of the speed.
template <int rows, int vectors, typename Sink>
__attribute__((noinline)) void computeTile(int64_t depth, const MatrixView& a, Rows b, Rows next,
                                           const TilePlace& place, const Sink& sink) {
  Tile<rows, vectors> sum;
  sink.template expect<rows, vectors>(place);
  if (next.row == nullptr) {
    multiplyTile<rows, vectors, false>(depth, a, b, next, sum);
  } else {
    multiplyTile<rows, vectors, true>(depth, a, b, next, sum);
  }
  sink.template put<rows, vectors>(place, sum);
}

// Picks the tile for a number of rows in [1, tileRows].
template <int vectors, typename Sink, int rows = tileRows>
void dispatchTile(int64_t wanted, int64_t depth, const MatrixView& a, const float* panel, Rows next,
                  const TilePlace& place, const Sink& sink) {
  if constexpr (rows > 0) {
    if (wanted == rows) {
      return computeTile<rows, vectors>(depth, a, {panel, vectors * lanes}, next, place, sink);
    }
    dispatchTile<vectors, Sink, rows - 1>(wanted, depth, a, panel, next, place, sink);
  }
}

// All tiles of `place` that are `vectors` wide; `b` begins at its first column.
template <int rows, int vectors, typename Sink>
void computeTilesInPlace(int64_t depth, const MatrixView& a, Rows& b, TilePlace& place, int64_t columnEnd,
                         const Sink& sink) {
  for (; place.column + vectors * lanes <= columnEnd; place.column += vectors * lanes, b.row += vectors * lanes) {
    place.columns = vectors * lanes;
    computeTile<rows, vectors>(depth, a, b, {b.row + rowsAhead * b.stride, b.stride}, place, sink);
  }
}

// The tiles from place.column on that are whole vectors, as wide as the registers allow: long pieces of rows are read
// faster. Moves place.column to where they end.
template <typename Sink, int rows = tileRows>
void multiplyInPlace(int64_t wanted, int64_t depth, const MatrixView& a, Rows b, TilePlace& place, int64_t columnEnd,
                     const Sink& sink) {
  if constexpr (rows > 0) {
    if (wanted != rows) return multiplyInPlace<Sink, rows - 1>(wanted, depth, a, b, place, columnEnd, sink);
    constexpr int widest = rows == 1 ? 8 : rows <= 3 ? 4 : panelVectors;
    computeTilesInPlace<rows, widest>(depth, a, b, place, columnEnd, sink);
    if constexpr (widest > 2) computeTilesInPlace<rows, 2>(depth, a, b, place, columnEnd, sink);
    computeTilesInPlace<rows, 1>(depth, a, b, place, columnEnd, sink);
  }
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
