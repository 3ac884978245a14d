// Sums down the columns of a matrix: a block takes 32 neighbouring columns, its eight warps share out the rows.
#pragma once
#include <algorithm>

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

// A tall matrix in chunks of neighbouring rows, each for blocks of its own: with few columns there are too few blocks
// otherwise. Where the chunks end follows from the matrix' shape.
struct RowChunks {
  int64_t rows, width, length;

  RowChunks() = default;
  RowChunks(int64_t rows, int64_t width)
      : rows(rows), width(width), length(std::max<int64_t>(shortest, ceilDivide(rows, most))) {}

  // Whether that is faster than to go down the columns at once.
  bool pay() const { return rows > 4 * shortest; }
  int64_t count() const { return ceilDivide(rows, length); }
  __device__ int64_t begin(int64_t chunk) const { return chunk * length; }
  __device__ int64_t size(int64_t chunk) const { return rows - begin(chunk) < length ? rows - begin(chunk) : length; }

 private:
  static constexpr int64_t shortest = 256, most = 128;
};

template <class F>
struct ForEachChunk {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  F f;
  int64_t width, blocksPerChunk;

  __device__ void operator()(int64_t block) const {
    const int64_t column = block % blocksPerChunk * warpLanes + threadIdx.x % warpLanes;
    f(block / blocksPerChunk, column, column < width);
  }
};

// A kernel that calls f(chunk, column, inside) in all threads, as forEachColumn does.
template <class F>
Kernel forEachChunk(const RowChunks& chunks, const F& f) {
  const int64_t blocksPerChunk = ceilDivide(chunks.width, warpLanes);
  return launch(ForEachChunk<F>{f, chunks.width, blocksPerChunk}, chunks.count() * blocksPerChunk);
}

// Memory for a row of every chunk.
inline float* rowsOfChunks(const RowChunks& chunks, const Context& context) {
  return static_cast<float*>(context.workspace(static_cast<size_t>(chunks.count() * chunks.width) * sizeof(float)));
}

// One thread for every column that there is.
__device__ inline bool isFirstOfColumn(bool inside) { return inside && threadIdx.x < warpLanes; }

}  // namespace cuda_gan::cuda
