// Packing: a factor copied to where the loop of a tile reads it in order.
#pragma once
#include "tile.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct Range {
  int64_t begin, end;
};

// One of `parts` parts of [0, size), as even as can be.
inline Range partOf(int64_t size, int64_t part, int64_t parts) {
  return {size * part / parts, size * (part + 1) / parts};
}

// A size cut into parts of at most `most`, as even as can be: the first ones may have one more.
struct EvenParts {
  int64_t count, low, larger;  // those before `larger` have low + 1
  EvenParts(int64_t size, int64_t most)
      : count((size + most - 1) / most), low(size / std::max<int64_t>(1, count)), larger(size - count * low) {}
  int64_t begin(int64_t part) const { return part * low + std::min(part, larger); }
  int64_t sizeOf(int64_t part) const { return part < larger ? low + 1 : low; }
};

// Columns of B cut into panels of whole vectors, but for the last one: what it lacks is filled with zeros.
struct Panels {
  int64_t columns;
  EvenParts vectors;
  explicit Panels(int64_t columns) : columns(columns), vectors((columns + lanes - 1) / lanes, panelVectors) {}
  int64_t count() const { return vectors.count; }
  int64_t begin(int64_t panel) const { return std::min(columns, vectors.begin(panel) * lanes); }
  int64_t width(int64_t panel) const { return std::min(columns - vectors.begin(panel) * lanes, vectors.sizeOf(panel) * lanes); }
};

// Width of a packed panel that holds `columns` columns.
inline int64_t packedWidth(int64_t columns) { return (columns + lanes - 1) / lanes * lanes; }

// Packs B [depth, columns] row by row into `panel`, where the rows of B lie along memory.
template <int vectors>
inline void packRows(const MatrixView& b, int64_t depth, int64_t columns, float* panel) {
  constexpr int64_t width = vectors * lanes;
  const float* source = b.data;
  if (columns == width) {
    for (int64_t k = 0; k < depth; k++, source += b.rowStride, panel += width)
      for (int64_t j = 0; j < width; j += lanes) store(panel + j, load(source + j));
    return;
  }
  for (int64_t k = 0; k < depth; k++, source += b.rowStride, panel += width) {
    std::copy(source, source + columns, panel);
    std::fill(panel + columns, panel + width, 0.0f);
  }
}

// How far ahead squares of B are fetched that are transposed.
constexpr int64_t squaresAhead = 4;

// The same where the columns of B lie along memory: squares of a vector's width are transposed in registers.
inline void packColumns(const MatrixView& b, int64_t depth, int64_t columns, float* panel) {
  const int64_t width = packedWidth(columns);
  for (int64_t j = 0; j < width; j += lanes) {
    const int64_t count = std::clamp<int64_t>(columns - j, 0, lanes);
    int64_t k = 0;
    for (; k + lanes <= depth; k += lanes) {
      Vec square[lanes];
      for (int64_t i = 0; i < count; i++) __builtin_prefetch(b.at(k + squaresAhead * lanes, j + i));
      for (int64_t i = 0; i < lanes; i++) square[i] = i < count ? load(b.at(k, j + i)) : Vec{};
      transpose(square);
      for (int64_t i = 0; i < lanes; i++) store(panel + (k + i) * width + j, square[i]);
    }
    for (; k < depth; k++)
      for (int64_t i = 0; i < lanes; i++) panel[k * width + j + i] = i < count ? *b.at(k, j + i) : 0.0f;
  }
}

// An element of B.
struct PlaceInB {
  int64_t row, column;
};

inline bool alongRows(const MatrixView& b) { return b.columnStride == 1; }

// Packs `depth` rows and up to panelColumns columns of B into `panel` [depth, packedWidth(columns)]. Like the packing of A a
// function of its own: it would take the registers of the loops that it is called in.
__attribute__((noinline)) inline void packPanel(const MatrixView& b, PlaceInB from, int64_t depth, int64_t columns, float* panel) {
  const MatrixView part = b.from(from.row, from.column);
  if (!alongRows(b)) return packColumns(part, depth, columns, panel);
  withVectors(columns, [&](auto vectors) { packRows<vectors>(part, depth, columns, panel); });
}

// Where rows of B lie, to be fetched.
inline Rows rowsFrom(const MatrixView& b, PlaceInB from) { return {b.at(from.row, from.column), b.rowStride}; }

// Rows of A cut into strips.
struct Strips : EvenParts {
  explicit Strips(int64_t rows, int64_t most = tileRows) : EvenParts(rows, most) {}
  int64_t height(int64_t strip) const { return sizeOf(strip); }
};

// A packed strip.
inline MatrixView packedStrip(const float* strip) { return {strip, 1, tileRows}; }

// Gives each of the strips [first, last) its piece of a column of A, at `source`: as column `k` of a packed strip that lies
// column by column, one strip every `stripFloats`. Eight floats are copied, as far as there are so many `readable`: what
// is too much, the next column overwrites.
inline void packColumn(const Strips& strips, int64_t first, int64_t last, const float* source, int64_t readable, int64_t k,
                       float* target, int64_t stripFloats) {
  constexpr int64_t copiedFloats = 8;
  static_assert(tileRows <= copiedFloats);
  float* to = target + k * tileRows;
  int64_t strip = first, i = 0;
  const auto copyWhole = [&](int64_t end, int64_t height) {
    for (; strip < end && i + copiedFloats <= readable; strip++, i += height, to += stripFloats) {
      std::memcpy(to, source + i, copiedFloats * sizeof(float));
    }
  };
  copyWhole(std::min(last, strips.larger), strips.low + 1);
  copyWhole(last, strips.low);
  for (; strip < last; i += strips.height(strip++), to += stripFloats) {
    std::copy(source + i, source + i + strips.height(strip), to);
  }
}

// A matrix as the left factor of a product.
struct Matrix {
  MatrixView view;

  static constexpr bool liesInMemory = true;
  bool alongRows() const { return view.columnStride == 1; }

  MatrixView inPlace(int64_t row, int64_t column) const { return view.from(row, column); }

  // Packs columns [column, column + depth) of strips [first, last) into `target`, one every `stripFloats`. For a matrix whose
  // columns lie along memory: rows are read where they are.
  __attribute__((noinline)) void pack(const Strips& strips, int64_t first, int64_t last, int64_t column, int64_t depth, float* target,
            int64_t stripFloats) const {
    const int64_t row = strips.begin(first), width = strips.begin(last) - row;
    for (int64_t k = 0; k < depth; k++) {
      const float* source = view.at(row, column + k);
      for (int64_t i = 0; i < width; i += cacheLineFloats) {
        __builtin_prefetch(source + rowsAhead * view.columnStride + i);
      }
      packColumn(strips, first, last, source, width, k, target, stripFloats);
    }
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
