// Sums of what a block computes for 32 columns, of a matrix that need not be in memory: its eight warps share out the rows.
#pragma once
#include "rows.cuh"

namespace cuda_gan::cuda {

constexpr int columnWarps = 8;

// Σ f(row) over [0, rows) for this thread's column, known to all its threads.
template <class F>
__device__ float sumOfRows(int64_t rows, F f) {
  __shared__ float partial[columnWarps][warpLanes];
  float sum = 0;
  for (int64_t row = threadIdx.x / warpLanes; row < rows; row += columnWarps) sum += f(row);
  const int lane = threadIdx.x % warpLanes;
  __syncthreads();  // an earlier sum may still be read
  partial[threadIdx.x / warpLanes][lane] = sum;
  __syncthreads();
  float total = 0;
  for (int warp = 0; warp < columnWarps; warp++) total += partial[warp][lane];
  return total;
}

}  // namespace cuda_gan::cuda
