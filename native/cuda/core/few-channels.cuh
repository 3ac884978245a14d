// Convolutions to few channels, as at the end of a generator and back to the images of a discriminator. Tiles of Gemm would be
// almost empty, so there are no panels: eight lanes share out the depth of four rows, and what they have in common comes from
// the first-level cache. Every sum has an order that depends on the shapes only.
#pragma once
#include "conv2d-factors.cuh"
#include "rows.cuh"

namespace cuda_gan::cuda {

constexpr int64_t fewChannels = 4;

// What factors are told of a tile.
template <int columns_>
struct FewColumns {
  static constexpr int rows = 128, columns = columns_, depth = 32, threads = 256;
};

template <class Shape, class Factors, class Sink>
struct FewChannels : Shape {
  static constexpr size_t sharedBytes = sizeof(float) * Shape::rows * Shape::columns;
  Factors factors;
  Sink sink;

  __device__ void operator()(int64_t block) const {
    auto tile = factors.template tile<Shape>(static_cast<uint32_t>(block));
    float sums[rowsOfLane][Shape::columns] = {};
    const uint32_t depth = tile.depth();
#pragma unroll 1
    for (uint32_t k = 0; k < depth; k += Shape::depth) {
      Floats<4> left[rowsOfLane], right[Shape::columns];
#pragma unroll
      for (int i = 0; i < rowsOfLane; i++) left[i] = tile.quadOfA(i, k);
#pragma unroll
      for (int c = 0; c < Shape::columns; c++) right[c] = tile.quadOfB(c, k);
#pragma unroll
      for (int i = 0; i < rowsOfLane; i++)
#pragma unroll
        for (int c = 0; c < Shape::columns; c++)
#pragma unroll
          for (int j = 0; j < 4; j++) sums[i][c] = fmaf(left[i].at[j], right[c].at[j], sums[i][c]);
      tile.advance();
    }
    const int lane = threadIdx.x % lanes, row = threadIdx.x / lanes;
    for (int i = 0; i < rowsOfLane; i++) {
      for (int c = 0; c < Shape::columns; c++) {
        float sum = sums[i][c];
        for (int distance = lanes / 2; distance > 0; distance /= 2) sum += __shfl_xor_sync(allLanes, sum, distance);
        if (lane == 0) sharedFloats()[(row + i * Shape::threads / lanes) * Shape::columns + c] = sum;
      }
    }
    __syncthreads();
    sink.template put<Shape>(sharedFloats(), tile);
  }

 private:
  static constexpr int lanes = Shape::depth / 4, rowsOfLane = Patches::RowCorners<Shape>::count;
};

template <class Shape, class Factors, class Sink>
Kernel toFewChannels(const Factors& factors, const Sink& sink) {
  return launch(FewChannels<Shape, Factors, Sink>{{}, factors, sink}, factors.template tiles<Shape>());
}

}  // namespace cuda_gan::cuda
