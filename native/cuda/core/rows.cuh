// Loops over rows: a warp for each, and reductions along it in a fixed order.
#pragma once
#include "launch.cuh"

namespace cuda_gan::cuda {

constexpr int warpLanes = 32;
constexpr unsigned allLanes = 0xffffffff;

template <class F>
struct ForEachRow {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  static constexpr int rowsPerBlock = threads / warpLanes;
  F f;
  int64_t rows;

  __device__ void operator()(int64_t block) const {
    const int64_t row = block * rowsPerBlock + threadIdx.x / warpLanes;
    if (row < rows) f(row, static_cast<int>(threadIdx.x % warpLanes));
  }
};

// A kernel that calls f(row, lane) for [0, rows) in all lanes of a warp.
template <class F>
Kernel forEachRow(int64_t rows, const F& f) {
  return launch(ForEachRow<F>{f, rows}, ceilDivide(rows, ForEachRow<F>::rowsPerBlock));
}

// Σ of a number of every lane, known to all of them.
__device__ inline float sumOfLanes(float sum) {
  for (int distance = warpLanes / 2; distance > 0; distance /= 2) sum += __shfl_xor_sync(allLanes, sum, distance);
  return sum;
}

// Σ f(j) over [0, length), known to every lane.
template <class F>
__device__ float sumOfRow(int64_t length, int lane, F f) {
  float sum = 0;
#pragma unroll 4
  for (int64_t j = lane; j < length; j += warpLanes) sum += f(j);
  return sumOfLanes(sum);
}

__device__ inline float maxOfRow(const float* x, int64_t length, int lane) {
  float largest = -INFINITY;
  for (int64_t j = lane; j < length; j += warpLanes) largest = fmaxf(largest, x[j]);
  for (int distance = warpLanes / 2; distance > 0; distance /= 2)
    largest = fmaxf(largest, __shfl_xor_sync(allLanes, largest, distance));
  return largest;
}

}  // namespace cuda_gan::cuda
