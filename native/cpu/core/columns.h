// Sums down the columns of a matrix, one vector of columns at a time, in a fixed order.
#pragma once
#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Up to a vector's width of neighbouring columns of a row-major matrix.
struct Columns {
  int64_t first, count, stride;

  bool whole() const { return count == lanes; }
  Vec load(const float* matrix, int64_t row = 0) const {
    const float* at = matrix + row * stride + first;
    return whole() ? CUDA_GAN_ISA::load(at) : loadPartial(at, count);
  }
  void store(float* matrix, int64_t row, Vec value) const {
    float* at = matrix + row * stride + first;
    return whole() ? CUDA_GAN_ISA::store(at, value) : storePartial(at, count, value);
  }
};

// Σ f(row) over [0, rows), f yielding a vector: four sums side by side, then their tree.
template <typename F>
inline Vec sumOfRows(int64_t rows, F f) {
  Vec sums[4] = {};
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4)
    for (int u = 0; u < 4; u++) sums[u] += f(row + u);
  for (int u = 0; row < rows; row++, u++) sums[u] += f(row);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// The same of two vectors at once, f yielding a pair.
template <typename F>
inline std::pair<Vec, Vec> sumsOfRows(int64_t rows, F f) {
  Vec firsts[4] = {}, seconds[4] = {};
  const auto add = [&](int u, int64_t row) {
    const std::pair<Vec, Vec> both = f(row);
    firsts[u] += both.first;
    seconds[u] += both.second;
  };
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4)
    for (int u = 0; u < 4; u++) add(u, row + u);
  for (int u = 0; row < rows; row++, u++) add(u, row);
  return {(firsts[0] + firsts[1]) + (firsts[2] + firsts[3]), (seconds[0] + seconds[1]) + (seconds[2] + seconds[3])};
}

// A kernel that calls body(columns) for every vector of a matrix' columns.
template <typename Body>
Kernel columnVectors(int64_t width, Body body) {
  return {{(width + lanes - 1) / lanes, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t first = begin * lanes; first < std::min(width, end * lanes); first += lanes)
               body(Columns{first, std::min<int64_t>(lanes, width - first), width});
           }}};
}

// A tall matrix in chunks of neighbouring rows, which stay in the first-level cache while a task goes over them column by
// column. Where the chunks end follows from the matrix' shape.
struct RowChunks {
  int64_t rows, width, perChunk;

  RowChunks(int64_t rows, int64_t width)
      : rows(rows), width(width), perChunk(std::max<int64_t>(16, chunkElements / std::max<int64_t>(1, width))) {}

  // Whether it is worth going over the matrix chunk by chunk. A column of few rows stays in the cache while it is gone over
  // again, even where the rows are a power of two apart and so compete for the same sets of it.
  bool pay() const { return rows > 64; }
  int64_t count() const { return (rows + perChunk - 1) / perChunk; }
  int64_t begin(int64_t chunk) const { return chunk * perChunk; }
  int64_t size(int64_t chunk) const { return std::min(perChunk, rows - begin(chunk)); }

  // A phase that calls body(columns, chunk) for every chunk and vector of columns.
  template <typename Body>
  Phase phase(Body body) const {
    return {count(), [chunks = *this, body](int64_t first, int64_t last, const StepContext&) {
              for (int64_t chunk = first; chunk < last; chunk++)
                for (int64_t column = 0; column < chunks.width; column += lanes)
                  body(Columns{column, std::min<int64_t>(lanes, chunks.width - column), chunks.width}, chunk);
            }};
  }

 private:
  static constexpr int64_t chunkElements = 4096;
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
