// Where tiles of C go. A sink has `expect`, called before a tile is computed, and `put`, called with a block of its sum.
#pragma once
#include "tile.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Stores tiles into a row-major matrix.
struct RowMajorSink {
  float* c;
  int64_t stride;

  float* at(int64_t row) const { return c + row * stride; }
  template <int rows, int vectors>
  void expect(const TilePlace& place) const {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < vectors * lanes; j += cacheLineFloats)
        __builtin_prefetch(c + (place.row + i) * stride + place.column + j, forWriting);
  }
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
  void expect(const TilePlace& place) const {
    for (int j = 0; j < vectors * lanes; j++)
      __builtin_prefetch(c + (place.column + j) * stride + place.row, forWriting);
  }
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

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
