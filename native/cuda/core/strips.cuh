// Sums down the columns of a matrix [rows, columns], and what is made of them: a block takes a strip of 8 or 32
// neighbouring columns, of all rows or of a chunk of them. A thread has several rows under way at a time.
#pragma once
#include <algorithm>

#include "floats.cuh"
#include "rows.cuh"

namespace cuda_gan::cuda {

// A thread's part of a strip: n columns side by side, and every `rowStep`-th row. n is 4 where all rows of a matrix are
// whole quads, else 1.
template <int n_, int width_>
struct Strip {
  static constexpr int n = n_, width = width_, threads = 256, lanes = width / n, rowStep = threads / lanes;
  int64_t columns;  // of the matrix
  int64_t begin;    // the first of the strip
  int64_t column;   // the first of this thread's; beyond the last one, those are read again, for nothing
  bool inside;

  __device__ Strip(int64_t number, int64_t columns) : columns(columns), begin(number * width) {
    const int64_t own = begin + threadIdx.x % lanes * n;
    inside = own < columns;
    column = inside ? own : columns - n;
  }

  // Whether this thread is the first one of its columns.
  __device__ bool isFirst() const { return inside && firstRow() == 0; }

  // f(i) for each of the n columns.
  template <class F>
  __device__ Floats<n> each(F f) const {
    return eachOf<n>(f);
  }

  // Of a row of a matrix, or of what there is for each column.
  __device__ Floats<n> load(const float* matrix, int64_t row = 0) const {
    return loadFloats<n>(matrix + row * columns + column);
  }
  __device__ void store(float* matrix, int64_t row, const Floats<n>& values) const {
    storeFloats(matrix + row * columns + column, values);
  }

  // Σ f(load(row)) over [0, rows), known to all threads of a column. f gives one or two numbers for each of the n columns;
  // what it computes is apart from what is loaded, so that several rows are under way.
  template <class Load, class F>
  __device__ auto sumOfRows(int64_t rows, Load load, F f) const {
    decltype(f(load(rows))) own{};
    forOwnRows(rows, load, [&](int64_t, const auto& loaded) { add(own, f(loaded)); });
    return sumOfThreads(own);
  }
  template <class Load>
  __device__ auto sumOfRows(int64_t rows, Load load) const {
    return sumOfRows(rows, load, [](const auto& loaded) { return loaded; });
  }

  // Rows [0, rows) of the matrix are f(load(row)).
  template <class Load, class F>
  __device__ void fillRows(float* matrix, int64_t rows, Load load, F f) const {
    forOwnRows(rows, load, [&](int64_t row, const auto& loaded) {
      if (inside) store(matrix, row, f(loaded));
    });
  }

 private:
  __device__ static int firstRow() { return threadIdx.x / lanes; }

  template <int count>
  __device__ static void add(Floats<count>& sums, const Floats<count>& terms) {
#pragma unroll
    for (int i = 0; i < count; i++) sums.at[i] += terms.at[i];
  }

  // Calls use(row, load(row)) for this thread's rows of [0, rows). For those beyond the last that one is loaded, so that no
  // branch keeps reads from being under way together, and not used.
  template <class Load, class Use>
  __device__ static void forOwnRows(int64_t rows, Load load, Use use) {
    constexpr int underWay = 4;
    for (int64_t first = firstRow(); first < rows; first += underWay * rowStep) {
      decltype(load(rows)) loaded[underWay];
#pragma unroll
      for (int i = 0; i < underWay; i++) {
        const int64_t row = first + i * rowStep;
        loaded[i] = load(row < rows ? row : rows - 1);
      }
#pragma unroll
      for (int i = 0; i < underWay; i++) {
        const int64_t row = first + i * rowStep;
        if (row < rows) use(row, loaded[i]);
      }
    }
  }

  // Sums over the threads of a column.
  template <int count>
  __device__ static Floats<count> sumOfThreads(Floats<count> own) {
    for (int distance = warpLanes / 2; distance >= lanes; distance /= 2)
#pragma unroll
      for (int i = 0; i < count; i++) own.at[i] += __shfl_xor_sync(allLanes, own.at[i], distance);
    constexpr int warps = threads / warpLanes;
    __shared__ float ofWarps[warps][lanes * count];
    const int lane = threadIdx.x % warpLanes, place = lane % lanes * count;
    __syncthreads();  // earlier sums may still be read
    if (lane < lanes)
      for (int i = 0; i < count; i++) ofWarps[threadIdx.x / warpLanes][place + i] = own.at[i];
    __syncthreads();
    Floats<count> sums{};
    for (int warp = 0; warp < warps; warp++)
#pragma unroll
      for (int i = 0; i < count; i++) sums.at[i] += ofWarps[warp][place + i];
    return sums;
  }
};

// A tall matrix in chunks of neighbouring rows, each for blocks of its own: its strips alone would be too few blocks.
// Where the chunks end follows from the number of rows.
struct RowChunks {
  int64_t rows, length;

  RowChunks() = default;
  explicit RowChunks(int64_t rows)
      : rows(rows), length(rows <= atOnce ? rows : std::max<int64_t>(shortest, ceilDivide(rows, most))) {}

  int64_t count() const { return length == 0 ? 1 : ceilDivide(rows, length); }
  __device__ int64_t begin(int64_t chunk) const { return chunk * length; }
  __device__ int64_t size(int64_t chunk) const { return rows - begin(chunk) < length ? rows - begin(chunk) : length; }

 private:
  static constexpr int64_t atOnce = 1024, shortest = 512, most = 128;
};

template <class Strip, class F>
struct ForEachStrip {
  static constexpr int threads = Strip::threads;
  static constexpr size_t sharedBytes = 0;
  F f;
  int64_t columns;

  __device__ void operator()(int64_t block) const {
    const auto strips = static_cast<uint32_t>(ceilDivide(columns, Strip::width)), at = static_cast<uint32_t>(block);
    f(at / strips, Strip(at % strips, columns));
  }
};

template <class Strip, class F>
Kernel forEachStripOf(int64_t parts, int64_t columns, const F& f) {
  return launch(ForEachStrip<Strip, F>{f, columns}, parts * ceilDivide(columns, Strip::width));
}

// A kernel that calls f(part, strip) in all threads, for every strip of so many columns in each of `parts` parts, which
// have `rows` rows each.
template <class F>
Kernel forEachStrip(int64_t parts, int64_t rows, int64_t columns, const F& f) {
  if (columns % 4 != 0) return forEachStripOf<Strip<1, 8>>(parts, columns, f);
  // With few rows, most threads of a narrow strip have none; wide ones must be enough for all multiprocessors.
  if (rows <= 256 && parts * columns >= 4096) return forEachStripOf<Strip<4, 32>>(parts, columns, f);
  return forEachStripOf<Strip<4, 8>>(parts, columns, f);
}

// Memory for a row of every chunk.
inline float* rowsOfChunks(const RowChunks& chunks, int64_t columns, const Context& context) {
  return static_cast<float*>(context.workspace(static_cast<size_t>(chunks.count() * columns) * sizeof(float)));
}

}  // namespace cuda_gan::cuda
