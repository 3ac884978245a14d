// What the kernels of pooling share.
#pragma once
#include "../../program/pool2d.h"
#include "images.cuh"

namespace cuda_gan::cuda {

// Images x [n, height, width, channels] and y of the same channels, a place of which each window of x has.
struct PooledImages {
  Pool2d pool;
  ImageShape x, y;

  // The index of the maximum of the elements of x in the window of output (row, column), of the image and channel of
  // `at`: the first of several, in row-major order; the first NaN where there is one.
  __device__ int64_t maximum(const float* elements, const ImagePlace& at, int64_t row, int64_t column) const {
    const Span rows = pool.vertical.places(row), columns = pool.horizontal.places(column);
    int64_t best = x.index(at.image, rows.begin, columns.begin, at.channel);
    for (int64_t iy = rows.begin; iy < rows.end; iy++) {
      for (int64_t ix = columns.begin; ix < columns.end; ix++) {
        const int64_t candidate = x.index(at.image, iy, ix, at.channel);
        const float a = elements[candidate], b = elements[best];
        if (a > b || (a != a && b == b)) best = candidate;
      }
    }
    return best;
  }
};

inline PooledImages pooledImagesOf(const Instruction& op, const Tensor& x, const Tensor& y) {
  return {pool2dOf(op.attributes), imageShapeOf(x), imageShapeOf(y)};
}

}  // namespace cuda_gan::cuda
