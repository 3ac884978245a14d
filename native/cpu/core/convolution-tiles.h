// Tiles of a convolution: some places by some channels of the result, summed over what of the kernel the places meet.
#pragma once
#include "gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Floats that lie side by side in the image, `source` from a place's origin on, and meet rows of the kernel from `kernel` on.
struct Run {
  int64_t source, kernel, depth;
};

// Hands up to a vector of a place's sums to `end`, and stores what comes of them.
template <typename End>
inline void putPlace(float* target, int64_t column, Vec sum, const TilePlace& tile, const End& end) {
  const int64_t count = std::min<int64_t>(lanes, tile.columns - column);
  float* to = target + tile.column + column;
  if (!tile.first) sum += count == lanes ? load(to) : loadPartial(to, count);
  if (tile.last) sum = end(sum, tile.column + column, count, to);
  if (count == lanes) {
    store(to, sum);
  } else {
    storePartial(to, count, sum);
  }
}

struct TilePlaces {
  const float* source[tileRows];
  float* target[tileRows];
};

// Some places by up to panelColumns channels from tile.column on.
template <int rows, int vectors, typename End>
__attribute__((noinline)) void convolveTile(const TilePlaces& places, const Run* run, const Run* lastRun, const float* panel,
                                            const TilePlace& tile, const End& end) {
  Tile<rows, vectors> sum;
  forTile<rows, vectors>([&](int i, int j) { sum[i][j] = Vec{}; });
  // Places may lie apart in the target, where the processor does not fetch ahead what will be written.
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors * lanes; j += cacheLineFloats) __builtin_prefetch(places.target[i] + tile.column + j, forWriting);
  for (; run != lastRun; run++) {
    const float* a[rows];
    for (int i = 0; i < rows; i++) a[i] = places.source[i] + run->source;
    const float* b = panel + run->kernel * (vectors * lanes);
    const int64_t depth = run->depth;
#pragma GCC unroll 4
    for (int64_t k = 0; k < depth; k++) {
      Vec bk[vectors];
      for (int j = 0; j < vectors; j++) bk[j] = load(b + j * lanes);
      for (int i = 0; i < rows; i++) {
        const Vec ai = splat(a[i][k]);
        for (int j = 0; j < vectors; j++) sum[i][j] += ai * bk[j];
      }
      b += vectors * lanes;
    }
  }
  forTile<rows, vectors>([&](int i, int j) { putPlace(places.target[i], j * lanes, sum[i][j], tile, end); });
}

template <int vectors, int rows = tileRows, typename End>
void dispatchTile(int64_t wanted, const TilePlaces& places, const Run* run, const Run* lastRun, const float* panel,
                  const TilePlace& tile, const End& end) {
  if constexpr (rows > 0) {
    if (wanted == rows) return convolveTile<rows, vectors>(places, run, lastRun, panel, tile, end);
    dispatchTile<vectors, rows - 1>(wanted, places, run, lastRun, panel, tile, end);
  }
}

// Places side by side, a channel of the image or of the result every so many floats.
struct LinePlaces {
  const float* source;
  float* target;
  int64_t sourceStride, targetStride;
};

// A tile one vector wide needs as many loads as multiply-adds. Where three taps and enough places are neighbours, each place of
// the image is read once for all of the taps, if there are registers to hold it beside the sums: those of AVX-512.
constexpr int lineTaps = 3, leastOfLine = 8, mostOfLine = lanes == 16 ? 14 : 0;

inline bool fitsLineTiles(int64_t places) { return mostOfLine > 0 && Strips(places, mostOfLine).low >= leastOfLine; }

// Every run is a line of taps here.
template <int rows, typename End>
__attribute__((noinline)) void convolveLine(const LinePlaces& places, const Run* run, const Run* lastRun, const float* panel,
                                            const TilePlace& tile, const End& end) {
  Tile<rows, 1> sum;
  forTile<rows, 1>([&](int i, int) { sum[i][0] = Vec{}; });
  const int64_t channels = places.sourceStride;
  for (; run != lastRun; run++) {
    const float *a = places.source + run->source, *b = panel + run->kernel * lanes;
    for (int64_t c = 0; c < channels; c++, a++, b += lanes) {
      Vec x[rows + lineTaps - 1];
#pragma GCC unroll 16
      for (int i = 0; i < rows + lineTaps - 1; i++) x[i] = splat(a[i * channels]);
#pragma GCC unroll 4
      for (int t = 0; t < lineTaps; t++) {
        const Vec bt = load(b + t * channels * lanes);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) sum[i][0] += x[i + t] * bt;
      }
    }
  }
  forTile<rows, 1>([&](int i, int) { putPlace(places.target + i * places.targetStride, 0, sum[i][0], tile, end); });
}

template <int rows = mostOfLine, typename End>
void dispatchLine(int64_t wanted, const LinePlaces& places, const Run* run, const Run* lastRun, const float* panel,
                  const TilePlace& tile, const End& end) {
  if constexpr (rows >= leastOfLine) {
    if (wanted == rows) return convolveLine<rows>(places, run, lastRun, panel, tile, end);
    dispatchLine<rows - 1>(wanted, places, run, lastRun, panel, tile, end);
  }
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
