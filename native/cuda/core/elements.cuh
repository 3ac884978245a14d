// Elements that a thread computes by itself, handed to a sink as the tiles of a matrix product are.
#pragma once
#include "sinks.cuh"
#include "strips-of-pieces.cuh"

namespace cuda_gan::cuda {

// A row of neighbouring elements as a tile of 4 x 256.
struct ElementTile {
  static constexpr int rows = 4, columns = 256, threads = 256;
  static constexpr size_t sharedBytes = sizeof(float) * rows * columns;
  int64_t first, size;
  int64_t width;  // of the last axis

  __device__ Place place(int r, int c) const {
    const int64_t index = first + r * columns + c;
    return {index, index % width, index < size};
  }
};

template <class F, class Sink>
struct SinkElements : ElementTile {
  F f;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const ElementTile tile{block * (rows * columns), size, width};
    float* elements = sharedFloats();
    for (int r = 0; r < rows; r++) {
      const Place place = tile.place(r, threadIdx.x);
      elements[r * columns + threadIdx.x] = place.inside ? f(place.index) : 0.0f;
    }
    __syncthreads();
    sink.template put<ElementTile>(elements, tile);
  }
};

inline int64_t blocksOfElements(int64_t size) { return ceilDivide(size, ElementTile::rows * ElementTile::columns); }

// Hands f(index) for [0, size) to a sink; `width` is the length of the last axis.
template <class F, class Sink>
Kernel sinkElements(int64_t size, int64_t width, const F& f, const Sink& sink) {
  return launch(SinkElements<F, Sink>{{0, size, width}, f, sink}, blocksOfElements(size));
}

template <class Sink>
struct SinkSums : ElementTile {
  const float* pieces;
  int64_t count;
  bool inQuads;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const ElementTile tile{block * (rows * columns), size, width};
    float* elements = sharedFloats();
    if (inQuads) {
      const int64_t index = tile.first + 4 * threadIdx.x;
      reinterpret_cast<float4*>(elements)[threadIdx.x] = index < size ? sumOfQuads(index) : float4{};
    } else {
      for (int r = 0; r < rows; r++) {
        const Place place = tile.place(r, threadIdx.x);
        elements[r * columns + threadIdx.x] = place.inside ? sum(place.index) : 0.0f;
      }
    }
    __syncthreads();
    sink.template put<ElementTile>(elements, tile);
  }

 private:
  __device__ float sum(int64_t index) const {
    float sum = 0;
#pragma unroll 4
    for (int64_t i = 0; i < count; i++) sum += pieces[i * size + index];
    return sum;
  }
  __device__ float4 sumOfQuads(int64_t index) const {
    float4 sum{};
#pragma unroll 8
    for (int64_t i = 0; i < count; i++) {
      const float4 next = *reinterpret_cast<const float4*>(pieces + i * size + index);
      sum.x += next.x;
      sum.y += next.y;
      sum.z += next.z;
      sum.w += next.w;
    }
    return sum;
  }
};

// Hands to a sink the sums over pieces [count, size], in their order. Pieces begin at a multiple of 16 bytes.
template <class Sink>
Kernel sinkSums(const float* pieces, int64_t count, int64_t size, int64_t width, const Sink& sink) {
  if (suitStrips(count, size)) return sinkStripsOfPieces(pieces, count, size, width, sink);
  return launch(SinkSums<Sink>{{0, size, width}, pieces, count, size % 4 == 0, sink}, blocksOfElements(size));
}

}  // namespace cuda_gan::cuda
