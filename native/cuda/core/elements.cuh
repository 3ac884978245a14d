// Elements that a thread computes by itself, handed to a sink as the tiles of a matrix product are.
#pragma once
#include "divisor.cuh"
#include "sinks.cuh"
#include "strips.cuh"

namespace cuda_gan::cuda {

// Neighbouring elements of a tensor, as a tile of one row.
struct TileOfElements {
  int64_t first, size;
  Divisor width;  // of the last axis
  __device__ Place place(int, int c) const {
    const int64_t index = first + c;
    return {index, width.divide(static_cast<uint32_t>(index)).remainder, index < size};
  }
};

inline Divisor divisorOfElements(int64_t size, int64_t width) {
  if (size > INT32_MAX) throw std::runtime_error("a tensor is too large for the cuda device");
  return Divisor(static_cast<uint32_t>(std::max<int64_t>(width, 1)));
}

template <class F, class Sink>
struct SinkElements {
  static constexpr int rows = 1, columns = 256, threads = 256;
  static constexpr size_t sharedBytes = sizeof(float) * columns;
  F f;
  Sink sink;
  int64_t size;
  Divisor width;

  __device__ void operator()(int64_t block) const {
    const TileOfElements tile{block * columns, size, width};
    const int64_t index = tile.first + threadIdx.x;
    float* elements = sharedFloats();
    elements[threadIdx.x] = index < size ? f(index) : 0.0f;
    __syncthreads();
    sink.template put<SinkElements>(elements, tile);
  }
};

template <class F, class Sink>
Kernel sinkOneByOne(int64_t size, int64_t width, const F& f, const Sink& sink) {
  using Body = SinkElements<F, Sink>;
  return launch(Body{f, sink, size, divisorOfElements(size, width)}, ceilDivide(size, Body::columns));
}

// Hands f(index) for [0, size) to a sink; `width` is the length of the last axis.
template <class F, class Sink>
Kernel sinkElements(int64_t size, int64_t width, const F& f, const Sink& sink) {
  return sinkOneByOne(size, width, f, sink);
}

// Σ over pieces [count, size], in their order.
struct SumOfPieces {
  const float* pieces;
  int64_t count, size;
  __device__ float operator()(int64_t index) const {
    float sum = 0;
#pragma unroll 8
    for (int64_t i = 0; i < count; i++) sum += pieces[i * size + index];
    return sum;
  }
};

// The same, with threads that share out the pieces.
template <class Sink>
struct SinkStripOfPieces {
  SumOfPieces sum;
  Sink sink;
  Divisor width;

  template <class Strip>
  struct Shape {
    static constexpr int rows = 1, columns = Strip::width, threads = Strip::threads;
  };

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const auto total = strip.sumOfRows(sum.count, [&](int64_t piece) { return strip.load(sum.pieces, piece); });
    __shared__ float elements[Strip::width];
    const TileOfElements tile{strip.begin, sum.size, width};
    if (strip.isFirst())
      for (int i = 0; i < Strip::n; i++) elements[strip.column - strip.begin + i] = total.at[i];
    __syncthreads();
    sink.template put<Shape<Strip>>(elements, tile);
  }
};

// A thread for each element would be few threads with long sums where there are many pieces of few elements.
template <class Sink>
Kernel sinkElements(int64_t size, int64_t width, const SumOfPieces& sum, const Sink& sink) {
  if (sum.count > 16 && size <= 16384)
    return forEachStrip(1, sum.count, size, SinkStripOfPieces<Sink>{sum, sink, divisorOfElements(size, width)});
  return sinkOneByOne(size, width, sum, sink);
}

}  // namespace cuda_gan::cuda
