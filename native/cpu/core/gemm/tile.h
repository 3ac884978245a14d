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

// Calls body(rows) with a constant: a number of rows in [1, tileRows].
template <int rows = tileRows, typename Body>
inline void withRows(int64_t wanted, Body body) {
  if constexpr (rows > 1) {
    if (wanted < rows) return withRows<rows - 1>(wanted, body);
  }
  body(std::integral_constant<int, rows>{});
}

// Contiguous pieces of rows, at equal distances.
struct Rows {
  const float* row;
  int64_t stride;
};

// Fetches a piece of a row into the second-level cache.
template <int vectors>
inline void fetchPiece(const float* piece) {
  for (int j = 0; j < vectors * lanes; j += cacheLineFloats) __builtin_prefetch(piece + j, forReading, secondLevel);
}

// The rows of B that a tile goes through, one after the other read into registers: those of a packed panel,
struct PackedRows {
  const float* row;

  template <int vectors>
  __attribute__((always_inline)) void read(Vec (&into)[vectors]) {
    for (int j = 0; j < vectors; j++) into[j] = load(row + j * lanes);
    row += vectors * lanes;
  }
};

// rows where they are, of which those to come are fetched if they are far,
template <bool areFar>
struct RowsInPlace {
  Rows rows;

  template <int vectors>
  __attribute__((always_inline)) void read(Vec (&into)[vectors]) {
    if constexpr (areFar) fetchPiece<vectors>(rows.row + rowsAhead * rows.stride);
    for (int j = 0; j < vectors; j++) into[j] = load(rows.row + j * lanes);
    rows.row += rows.stride;
  }
};

// or rows where they are, which are packed on the way. Meanwhile `next` is fetched, what will be packed after them. To fetch
// what is not there does no harm.
struct RowsToPack {
  Rows rows, next;
  float* packed;

  template <int vectors>
  __attribute__((always_inline)) void read(Vec (&into)[vectors]) {
    fetchPiece<vectors>(next.row);
    for (int j = 0; j < vectors; j++) into[j] = load(rows.row + j * lanes);
    for (int j = 0; j < vectors; j++) store(packed + j * lanes, into[j]);
    next.row += next.stride;
    rows.row += rows.stride;
    packed += vectors * lanes;
  }
};

// sum = A [rows, depth] · B [depth, vectors · lanes].
template <int rows, int vectors, typename RowsOfB>
inline __attribute__((always_inline)) void multiplyTile(int64_t depth, const MatrixView& a, RowsOfB b,
                                                        Tile<rows, vectors>& sum) {
  forTile<rows, vectors>([&](int i, int j) { sum[i][j] = Vec{}; });
  // Copies: what is packed might, to the compiler, change the view.
  const float* ak = a.data;
  const int64_t rowStride = a.rowStride, columnStride = a.columnStride;
#pragma GCC unroll 4
  for (int64_t k = 0; k < depth; k++) {
    Vec bk[vectors];
    b.read(bk);
    for (int i = 0; i < rows; i++) {
      const Vec ai = splat(ak[i * rowStride]);
      for (int j = 0; j < vectors; j++) sum[i][j] += ai * bk[j];
    }
    ak += columnStride;
  }
}

// A function of its own: inlined into its callers' loops, GCC 12 may keep the tile in memory, at a quarter of the speed. So it
// does where a sink is not inlined here.
template <int rows, int vectors, typename RowsOfB, typename Sink>
__attribute__((noinline)) void computeTile(int64_t depth, const MatrixView& a, RowsOfB b, const TilePlace& place,
                                           const Sink& sink) {
  Tile<rows, vectors> sum;
  sink.template expect<rows, vectors>(place);
  multiplyTile<rows, vectors>(depth, a, b, sum);
  sink.template put<rows, vectors>(place, sum);
}

// The same for a number of rows in [1, tileRows].
template <int vectors, typename RowsOfB, typename Sink>
void computeTileOf(int64_t rows, int64_t depth, const MatrixView& a, const RowsOfB& b, const TilePlace& place,
                   const Sink& sink) {
  withRows(rows, [&](auto constant) { computeTile<constant, vectors>(depth, a, b, place, sink); });
}

// All tiles of `place` that are `vectors` wide; `b` begins at its first column.
template <bool areFar, int rows, int vectors, typename Sink>
void computeTilesInPlace(int64_t depth, const MatrixView& a, Rows& b, TilePlace& place, int64_t columnEnd,
                         const Sink& sink) {
  for (; place.column + vectors * lanes <= columnEnd; place.column += vectors * lanes, b.row += vectors * lanes) {
    place.columns = vectors * lanes;
    computeTile<rows, vectors>(depth, a, RowsInPlace<areFar>{b}, place, sink);
  }
}

// The tiles from place.column on that are whole vectors, as wide as the registers allow: long pieces of rows are read
// faster. Moves place.column to where they end.
template <bool areFar, typename Sink>
void multiplyInPlace(int64_t height, int64_t depth, const MatrixView& a, Rows b, TilePlace& place, int64_t columnEnd,
                     const Sink& sink) {
  withRows(height, [&](auto rows) {
    constexpr int widest = rows == 1 ? 8 : rows <= 3 ? 4 : panelVectors;
    computeTilesInPlace<areFar, rows, widest>(depth, a, b, place, columnEnd, sink);
    if constexpr (widest > 2) computeTilesInPlace<areFar, rows, 2>(depth, a, b, place, columnEnd, sink);
    computeTilesInPlace<areFar, rows, 1>(depth, a, b, place, columnEnd, sink);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
