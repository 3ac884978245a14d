// Elements that a thread computes by itself, handed to a sink as the tiles of a matrix product are.
#pragma once
#include "sinks.cuh"
#include "strips-of-pieces.cuh"

namespace cuda_gan::cuda {

template <class F, class Sink>
struct SinkElements {
  static constexpr int rows = 4, columns = 256, threads = 256;
  static constexpr size_t sharedBytes = sizeof(float) * rows * columns;
  F f;
  Sink sink;
  int64_t size;
  int64_t width;  // of the last axis

  struct Tile {
    int64_t first, size, width;
    __device__ Place place(int r, int c) const {
      const int64_t index = first + r * columns + c;
      return {index, index % width, index < size};
    }
  };

  __device__ void operator()(int64_t block) const {
    const Tile tile{block * (rows * columns), size, width};
    float* elements = sharedFloats();
    for (int r = 0; r < rows; r++) {
      const Place place = tile.place(r, threadIdx.x);
      elements[r * columns + threadIdx.x] = place.inside ? f(place.index) : 0.0f;
    }
    __syncthreads();
    sink.template put<SinkElements>(elements, tile);
  }
};

// Hands f(index) for [0, size) to a sink; `width` is the length of the last axis.
template <class F, class Sink>
Kernel sinkElements(int64_t size, int64_t width, const F& f, const Sink& sink) {
  using Body = SinkElements<F, Sink>;
  return launch(Body{f, sink, size, width}, ceilDivide(size, Body::rows * Body::columns));
}

// Σ over pieces [count, size], in their order.
struct SumOfPieces {
  const float* pieces;
  int64_t count, size;
  __device__ float operator()(int64_t index) const {
    float sum = 0;
#pragma unroll 4
    for (int64_t i = 0; i < count; i++) sum += pieces[i * size + index];
    return sum;
  }
};

template <class Sink>
Kernel sinkElements(int64_t size, int64_t width, const SumOfPieces& sum, const Sink& sink) {
  if (suitStrips(sum.count, size)) return sinkStripsOfPieces(sum.pieces, sum.count, size, width, sink);
  return sinkElements<SumOfPieces, Sink>(size, width, sum, sink);
}

}  // namespace cuda_gan::cuda
