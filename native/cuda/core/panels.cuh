// Copies of panels of a matrix to shared memory.
#pragma once
#include <cuda_pipeline_primitives.h>

#include "launch.cuh"
#include "product.h"

namespace cuda_gan::cuda {

// A copy of `count` floats, 1 or 4, to shared memory that need not be complete before it is waited for; zeros where not
// `inside`, from where nothing is read.
template <int count>
__device__ void copyAsync(float* shared, const float* global, bool inside) {
  constexpr size_t bytes = count * sizeof(float);
  __pipeline_memcpy_async(shared, global, bytes, inside ? 0 : bytes);
}

// A thread's share of copies of panels [height][width], one after the other along the rows of a matrix or, `down`, across
// them: four elements at a time of rows that are whole quads, zeros beyond the last. All that is known of it beforehand is
// worked out once, since a panel is little work.
template <int height, int width, int threads, bool down>
class QuadCopies {
 public:
  QuadCopies() = default;
  // Of a matrix [rows, columns], from (row, column) on.
  __device__ QuadCopies(const MatrixView& matrix, int64_t row, int64_t column, int64_t rows, int64_t columns)
      : from_(matrix.data + (row + ownRow()) * matrix.rowStride + column + ownColumn()),
        rowStride_(matrix.rowStride),
        rowsLeft_(as32Bits(rows - row) - ownRow()),
        columnsLeft_(as32Bits(columns - column) - ownColumn()) {}

  // Starts the copies of the next panel, whose rows are so far apart in shared memory.
  template <int stride>
  __device__ void start(float* panel) {
    float* to = panel + ownRow() * stride + ownColumn();
#pragma unroll
    for (int i = 0; i < height; i += rowsAtATime) {
      if (height % rowsAtATime != 0 && ownRow() + i >= height) break;
      copyAsync<4>(to + i * stride, from_ + i * rowStride_, i < rowsLeft_ && columnsLeft_ > 0);
    }
    if constexpr (down) {
      from_ += height * rowStride_;
      rowsLeft_ -= height;
    } else {
      from_ += width;
      columnsLeft_ -= width;
    }
  }

 private:
  static constexpr int perRow = width / 4, rowsAtATime = threads / perRow;
  static_assert(width % 4 == 0 && threads % perRow == 0);
  __device__ static int ownRow() { return threadIdx.x / perRow; }
  __device__ static int ownColumn() { return threadIdx.x % perRow * 4; }
  __device__ static int as32Bits(int64_t number) { return static_cast<int>(number < INT32_MAX ? number : INT32_MAX); }

  const float* from_;
  int64_t rowStride_;
  int rowsLeft_, columnsLeft_;  // from this thread's first one on
};

// Copies `height` x `width` elements from (row, column) on, neighbouring threads along the width, `vector` at a time.
// There are `rows` x `columns`; those beyond are zeros.
template <int height, int width, int vector, int threads>
__device__ void copyPanel(float* to, int rowStride, int columnStride, const MatrixView& from, int64_t row,
                          int64_t column, int64_t rows, int64_t columns) {
  constexpr int perRow = width / vector;
  const float* first = from.data + row * from.rowStride + column * from.columnStride;
  const int rowStep = static_cast<int>(from.rowStride), columnStep = static_cast<int>(from.columnStride);
  const int rowsLeft = static_cast<int>(rows - row < height ? rows - row : height);
  const int columnsLeft = static_cast<int>(columns - column < width ? columns - column : width);
#pragma unroll 1
  for (int i = threadIdx.x; i < height * perRow; i += threads) {
    const int r = i / perRow, c = i % perRow * vector;
    const bool inside = r < rowsLeft && c < columnsLeft;
    copyAsync<vector>(to + r * rowStride + c * columnStride, first + r * rowStep + c * columnStep, inside);
  }
}

__host__ __device__ inline MatrixView transposed(const MatrixView& view) {
  return {view.data, view.columnStride, view.rowStride};
}

// The panel [k][column] of the right factor b, which is [depth, columns]. `inQuads` says whether four columns at a time
// can be copied.
template <class Shape>
__device__ void copyPanelB(float* to, const MatrixView& b, bool inQuads, int64_t k, int64_t column, int64_t depth,
                           int64_t columns) {
  if (inQuads) {
    copyPanel<Shape::depth, Shape::columns, 4, Shape::threads>(to, Shape::strideB, 1, b, k, column, depth, columns);
  } else {
    copyPanel<Shape::columns, Shape::depth, 1, Shape::threads>(to, 1, Shape::strideB, transposed(b), column, k, columns,
                                                               depth);
  }
}

// Whether the rows of a matrix, of that length, are whole quads that begin at a multiple of 16 bytes.
inline bool isInQuads(const MatrixView& view, int64_t length) {
  return view.columnStride == 1 && view.rowStride % 4 == 0 && length % 4 == 0 &&
         reinterpret_cast<uintptr_t>(view.data) % 16 == 0;
}

// Within a tile, offsets are 32-bit numbers.
inline void requireNarrow(const MatrixView& view) {
  for (const int64_t stride : {view.rowStride, view.columnStride})
    if (stride > INT32_MAX / 128) throw std::runtime_error("a matrix is too wide for the cuda device");
}

}  // namespace cuda_gan::cuda
