// Sums down the columns of a tile that holds all rows of a matrix, for sinks of a matrix product.
#pragma once
#include "gemm.cuh"

namespace cuda_gan::cuda {

// A number of every thread of a block, for all to see. One array for all sums, because shared memory is short.
__device__ inline float* numbersOfThreads() {
  __shared__ float numbers[256];
  return numbers;
}

// This thread's column of the tile; the threads of a column share out its rows.
template <class Shape>
struct TileColumn {
  float* sums;
  int64_t column;  // in the matrix
  Extent extent;
  bool inside;

  template <class Tile>
  __device__ TileColumn(float* sums, const Tile& tile)
      : sums(sums),
        column(tile.place(0, threadIdx.x % Shape::columns).column),
        extent(tile.factors.extent),
        inside(column < extent.n) {}

  // Calls f(element, its place in the matrix) for this thread's rows; not beyond the last column.
  template <class F>
  __device__ void forRows(F f) const {
    if (!inside) return;
    constexpr int rowsAtATime = Shape::threads / Shape::columns, rowsOfThread = (Shape::rows + rowsAtATime - 1) / rowsAtATime;
#pragma unroll rowsOfThread
    for (int64_t row = threadIdx.x / Shape::columns; row < extent.m; row += rowsAtATime)
      f(sums[row * Shape::columns + threadIdx.x % Shape::columns], row * extent.n + column);
  }

  // Σ f(element, place) over all rows, in a fixed order, known to all threads of the column.
  template <class F>
  __device__ float sumOfRows(F f) const {
    float* partial = numbersOfThreads();
    float own = 0;
    forRows([&](float& element, int64_t at) { own += f(element, at); });
    __syncthreads();  // an earlier sum may still be read
    partial[threadIdx.x] = own;
    __syncthreads();
    float sum = 0;
#pragma unroll
    for (int i = 0; i < Shape::threads; i += Shape::columns) sum += partial[threadIdx.x % Shape::columns + i];
    return sum;
  }

  // One thread for each column that there is.
  __device__ bool isFirst() const { return inside && threadIdx.x < Shape::columns; }
};

}  // namespace cuda_gan::cuda
