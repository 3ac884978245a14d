// Where tiles of C go. A sink has `expect`, called before a tile is computed, and `put`, called with a block of its sum.
#pragma once
#include "tile.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Stores up to a vector of a sum, or adds it to what earlier blocks of the depth have stored.
inline void storeSum(float* at, int64_t count, Vec sum, bool first) {
  if (count == lanes) {
    store(at, first ? sum : load(at) + sum);
  } else {
    storePartial(at, count, first ? sum : loadPartial(at, count) + sum);
  }
}

// Stores tiles into a row-major matrix.
struct RowMajorSink {
  float* c;
  int64_t stride;

  float* at(int64_t row) const { return c + row * stride; }
  template <int rows, int vectors>
  __attribute__((always_inline)) void expect(const TilePlace& place) const {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < vectors * lanes; j += cacheLineFloats)
        __builtin_prefetch(c + (place.row + i) * stride + place.column + j, forWriting);
  }
  template <int rows, int vectors>
  __attribute__((always_inline)) void put(TilePlace place, const Tile<rows, vectors>& sum) const {
    const int64_t stride = this->stride;  // a copy: what is stored might, to the compiler, change the sink
    float* tile = c + place.row * stride + place.column;
    if (place.columns == vectors * lanes && place.first) {
      forTile<rows, vectors>([&](int i, int j) { store(tile + i * stride + j * lanes, sum[i][j]); });
    } else if (place.columns == vectors * lanes) {
      forTile<rows, vectors>([&](int i, int j) {
        float* at = tile + i * stride + j * lanes;
        store(at, load(at) + sum[i][j]);
      });
    } else {
      forTile<rows, vectors>([&](int i, int j) {
        const int64_t count = std::clamp<int64_t>(place.columns - j * lanes, 0, lanes);
        storeSum(tile + i * stride + j * lanes, count, sum[i][j], place.first);
      });
    }
  }
};

// Stores tiles of Cᵀ into row-major C: rows of the tile are columns there.
struct TransposedSink {
  float* c;
  int64_t stride;

  template <int rows, int vectors>
  __attribute__((always_inline)) void expect(const TilePlace& place) const {
    for (int j = 0; j < vectors * lanes; j++)
      __builtin_prefetch(c + (place.column + j) * stride + place.row, forWriting);
  }
  template <int rows, int vectors>
  __attribute__((always_inline)) void put(TilePlace place, const Tile<rows, vectors>& sum) const {
    static_assert(rows <= 8);
    constexpr int height = rows > 4 ? 8 : rows > 2 ? 4 : rows;  // a power of two, as transpose wants it
    const int64_t stride = this->stride;  // a copy, as above
#pragma GCC unroll 16
    for (int j = 0; j < vectors; j++) {
      Vec part[height] = {};
#pragma GCC unroll 16
      for (int i = 0; i < rows; i++) part[i] = sum[i][j];
      transpose(part);
      float columns[lanes][height];
      std::memcpy(columns, part, sizeof columns);
      const int64_t count = std::clamp<int64_t>(place.columns - j * lanes, 0, lanes);
      float* at = c + (place.column + j * lanes) * stride + place.row;
      for (int64_t column = 0; column < count; column++, at += stride)
        for (int i = 0; i < rows; i++) at[i] = place.first ? columns[column][i] : at[i] + columns[column][i];
    }
  }
};

// For a C that only its finish wants to see: each thread keeps the rows of a block, row-major, until they are complete.
// `partial` is as large as C and holds it where the depth is more than one block; else it is null.
struct Gather {
  float* partial;
  int64_t stride;
};

// For a C that is done with when it is stored.
struct Nothing {
  template <typename Tiles>
  void operator()(const Tiles&, int64_t, int64_t, int64_t, int64_t) const {}
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
