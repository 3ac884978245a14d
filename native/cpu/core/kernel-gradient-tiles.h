// Tiles of the gradient of a convolution's kernel: sums over places of x, by the places of dy that they meet.
#pragma once
#include <vector>

#include "../../program/conv2d.h"
#include "gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Where a place of x begins in a strip, in floats, and the one of dy that it meets in a panel, in floats for every vector of
// its width.
struct PlacePair {
  int32_t x, dy;
};

// A strip of some channels of x, `width` floats from place to place.
struct StripOfPlaces {
  const float* data;
  int64_t width;
};

// The tile of one tap, by pairs of places.
template <int rows, int vectors, typename Sink>
__attribute__((noinline)) void multiplyPairs(const PlacePair* pair, const PlacePair* end, const StripOfPlaces& x, const float* dy,
                                             const TilePlace& place, const Sink& sink) {
  Tile<rows, vectors> sum;
  forTile<rows, vectors>([&](int i, int j) { sum[i][j] = Vec{}; });
  const auto multiply = [&]() __attribute__((always_inline)) {
    const float *a = x.data + pair->x, *b = dy + int64_t{pair->dy} * vectors;
    Vec bk[vectors];
    for (int j = 0; j < vectors; j++) bk[j] = load(b + j * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      const Vec ai = splat(a[i]);
#pragma GCC unroll 4
      for (int j = 0; j < vectors; j++) sum[i][j] += ai * bk[j];
    }
    pair++;
  };
  // The rows that the sum is added to are fetched one by one meanwhile: all at once, they would wait for each other.
  constexpr int together = 4;
  for (int row = 0; row < rows && end - pair >= together; row++) {
    sink.template expect<1, vectors>({place.row + row, place.column, place.columns, place.first, place.last});
#pragma GCC unroll 4
    for (int i = 0; i < together; i++) multiply();
  }
#pragma GCC unroll 4
  while (pair != end) multiply();
  sink.template put<rows, vectors>(place, sum);
}

// Rows of a tile one vector wide, whose registers hold twice as many.
constexpr int tallRows = 2 * tileRows;

template <int vectors, int rows = vectors == 1 ? tallRows : tileRows, typename Sink>
void dispatchPairs(int64_t wanted, const PlacePair* pair, const PlacePair* end, const StripOfPlaces& x, const float* dy,
                   const TilePlace& place, const Sink& sink) {
  if constexpr (rows > 0) {
    if (wanted == rows) return multiplyPairs<rows, vectors>(pair, end, x, dy, place, sink);
    dispatchPairs<vectors, rows - 1>(wanted, pair, end, x, dy, place, sink);
  }
}

// Neighbouring taps of a line of the kernel. At place i of a line of x, tap t of them meets place i + shift - t of dy, which
// the line of dy has for all of them at the inner places.
struct TapGroup {
  int64_t first, count;
  Range places, inner;  // of x
  int64_t shift;
  int64_t outputs;  // places of a line of dy
};

// A tile one vector wide needs as many loads as multiply-adds. In registers, each place of x serves so many taps at once.
constexpr int mostTaps = 3, rowsOfTaps = lanes == 16 ? 8 : 4;

inline std::vector<TapGroup> tapGroupsOf(const ConvAxis& axis) {
  std::vector<TapGroup> groups;
  const int64_t parts = (axis.kernel + mostTaps - 1) / mostTaps;
  for (int64_t part = 0; part < parts; part++) {
    const Range taps = partOf(axis.kernel, part, parts);
    const int64_t count = taps.end - taps.begin, shift = axis.padding - taps.begin;
    const auto between = [&](Range all, int64_t begin, int64_t end) {
      const int64_t from = std::clamp(begin, all.begin, all.end);
      return Range{from, std::clamp(end, from, all.end)};
    };
    const Range places = between({0, axis.input}, -shift, axis.output + count - 1 - shift);
    groups.push_back({taps.begin, count, places, between(places, count - 1 - shift, axis.output - shift), shift, axis.output});
  }
  return groups;
}

// The tiles of a group of taps, one vector wide, whose rows lie `tapRows` from each other in dkernel. Pairs are of lines here.
template <int rows, int taps, typename Sink>
__attribute__((noinline)) void multiplyLines(const PlacePair* pair, const PlacePair* end, const TapGroup& group, const StripOfPlaces& x,
                                             const float* dy, const TilePlace& place, int64_t tapRows, const Sink& sink) {
  Tile<rows, taps> sum;
  forTile<rows, taps>([&](int i, int t) { sum[i][t] = Vec{}; });
  for (; pair != end; pair++) {
    int64_t at = group.places.begin;
    const float *a = x.data + pair->x + at * x.width, *b = dy + pair->dy + (at + group.shift) * lanes;
    const auto addOuter = [&](int64_t last) __attribute__((always_inline)) {
      for (; at < last; at++, a += x.width, b += lanes) {
#pragma GCC unroll 4
        for (int t = 0; t < taps; t++) {
          const int64_t output = at + group.shift - t;
          if (output < 0 || output >= group.outputs) continue;
          const Vec bt = load(b - t * lanes);
#pragma GCC unroll 16
          for (int i = 0; i < rows; i++) sum[i][t] += splat(a[i]) * bt;
        }
      }
    };
    addOuter(group.inner.begin);
#pragma GCC unroll 2
    for (; at < group.inner.end; at++, a += x.width, b += lanes) {
      Vec bt[taps];
      for (int t = 0; t < taps; t++) bt[t] = load(b - t * lanes);
      for (int i = 0; i < rows; i++) {
        const Vec ai = splat(a[i]);
        for (int t = 0; t < taps; t++) sum[i][t] += ai * bt[t];
      }
    }
    addOuter(group.places.end);
  }
#pragma GCC unroll 4
  for (int t = 0; t < taps; t++) {
    Tile<rows, 1> one;
    forTile<rows, 1>([&](int i, int) { one[i][0] = sum[i][t]; });
    sink.template put<rows, 1>({place.row + t * tapRows, place.column, place.columns, place.first, place.last}, one);
  }
}

template <int taps, int rows = rowsOfTaps, typename... Arguments>
void dispatchRows(int64_t wanted, const Arguments&... arguments) {
  if constexpr (rows > 0) {
    if (wanted == rows) return multiplyLines<rows, taps>(arguments...);
    dispatchRows<taps, rows - 1>(wanted, arguments...);
  }
}

template <int taps = mostTaps, typename... Arguments>
void dispatchLines(int64_t wantedTaps, int64_t wantedRows, const Arguments&... arguments) {
  if constexpr (taps > 1) {
    if (wantedTaps == taps) return dispatchRows<taps>(wantedRows, arguments...);
    dispatchLines<taps - 1>(wantedTaps, wantedRows, arguments...);
  }
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
