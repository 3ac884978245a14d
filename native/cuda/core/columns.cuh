// Sums down the columns of a matrix: a block takes 32 neighbouring columns, its eight warps share out the rows.
#pragma once
#include "rows.cuh"

namespace cuda_gan::cuda {

template <class F>
struct ForEachColumn {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  F f;
  int64_t columns;

  __device__ void operator()(int64_t block) const {
    const int64_t column = block * warpLanes + threadIdx.x % warpLanes;
    f(column, column < columns);
  }
};

// A kernel that calls f(column, inside) in all threads; those beyond the last column take part in sums, by nothing.
template <class F>
Kernel forEachColumn(int64_t columns, const F& f) {
  return launch(ForEachColumn<F>{f, columns}, ceilDivide(columns, warpLanes));
}

constexpr int columnWarps = 8;

// Calls f(row) for this warp's share of [0, rows).
template <class F>
__device__ void forOwnRows(int64_t rows, F f) {
  for (int64_t row = threadIdx.x / warpLanes; row < rows; row += columnWarps) f(row);
}

// Σ f(row) over [0, rows) for this thread's column, known to all its threads.
template <class F>
__device__ float sumOfRows(int64_t rows, F f) {
  __shared__ float partial[columnWarps][warpLanes];
  float sum = 0;
  forOwnRows(rows, [&](int64_t row) { sum += f(row); });
  const int lane = threadIdx.x % warpLanes;
  __syncthreads();  // an earlier sum may still be read
  partial[threadIdx.x / warpLanes][lane] = sum;
  __syncthreads();
  float total = 0;
  for (int warp = 0; warp < columnWarps; warp++) total += partial[warp][lane];
  return total;
}

}  // namespace cuda_gan::cuda
