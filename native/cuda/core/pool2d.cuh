// What the kernels of pooling share.
#pragma once
#include "../../program/pool2d.h"
#include "images.cuh"

namespace cuda_gan::cuda {

struct PooledImages {
  Pool2d pool;
  int64_t channels;

  __device__ ImagePlace inputPlace(int64_t index) const {
    return {index, pool.vertical.input, pool.horizontal.input, channels};
  }
  __device__ ImagePlace outputPlace(int64_t index) const {
    return {index, pool.vertical.output, pool.horizontal.output, channels};
  }
  __device__ int64_t inputIndex(const ImagePlace& at, int64_t row, int64_t column) const {
    return imageIndex(at.image, row, column, at.channel, pool.vertical.input, pool.horizontal.input, channels);
  }
  __device__ int64_t outputIndex(const ImagePlace& at, int64_t row, int64_t column) const {
    return imageIndex(at.image, row, column, at.channel, pool.vertical.output, pool.horizontal.output, channels);
  }

  // The index of the maximum of x in the window of output (row, column), of the image and channel of `at`: the first of
  // several, in row-major order; the first NaN where there is one.
  __device__ int64_t maximum(const float* x, const ImagePlace& at, int64_t row, int64_t column) const {
    const Span rows = pool.vertical.places(row), columns = pool.horizontal.places(column);
    int64_t best = inputIndex(at, rows.begin, columns.begin);
    for (int64_t iy = rows.begin; iy < rows.end; iy++) {
      for (int64_t ix = columns.begin; ix < columns.end; ix++) {
        const int64_t candidate = inputIndex(at, iy, ix);
        const float a = x[candidate], b = x[best];
        if (a > b || (a != a && b == b)) best = candidate;
      }
    }
    return best;
  }
};

inline PooledImages pooledImagesOf(const Instruction& op) { return {pool2dOf(op.attributes), op.outputs[0].shape[3]}; }

}  // namespace cuda_gan::cuda
