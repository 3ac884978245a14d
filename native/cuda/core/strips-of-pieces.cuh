// Sums over many pieces of few elements, handed to a sink: a thread for each element would be few threads, each with a
// long sum, so the threads of a strip share out the pieces.
#pragma once
#include "sinks.cuh"
#include "strips.cuh"

namespace cuda_gan::cuda {

inline bool suitStrips(int64_t pieces, int64_t size) { return pieces > 16 && size <= 16384; }

template <class Sink>
struct SinkStripOfPieces {
  const float* pieces;
  int64_t count, size, width;
  Sink sink;

  template <class Strip>
  struct Tile {
    static constexpr int rows = 1, columns = Strip::width, threads = Strip::threads;
    int64_t first, size, width;
    __device__ Place place(int, int c) const { return {first + c, (first + c) % width, first + c < size}; }
  };

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const auto sum = strip.sumOfRows(count, [&](int64_t piece) { return strip.load(pieces, piece); });
    __shared__ float elements[Strip::width];
    if (strip.isFirst())
      for (int i = 0; i < Strip::n; i++) elements[strip.column - strip.begin + i] = sum.at[i];
    __syncthreads();
    sink.template put<Tile<Strip>>(elements, Tile<Strip>{strip.begin, size, width});
  }
};

// Of pieces [count, size]; `width` is the length of the last axis.
template <class Sink>
Kernel sinkStripsOfPieces(const float* pieces, int64_t count, int64_t size, int64_t width, const Sink& sink) {
  return forEachStrip(1, count, size, SinkStripOfPieces<Sink>{pieces, count, size, width, sink});
}

}  // namespace cuda_gan::cuda
