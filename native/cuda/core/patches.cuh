// The windows of images as a matrix, which exists nowhere: a row for each place of a grid, along the depth the places
// of its window and their channels. Its elements are looked up in the images when panels of it are copied.
#pragma once
#include "divisor.cuh"
#include "panels.cuh"
#include "tile-shape.cuh"

namespace cuda_gan::cuda {

// Along one axis, place t of the window of grid place q is place q · stride + start + t · step of the images.
struct WindowAxis {
  int32_t images, stride, start, step;
};

struct Patches {
  const float* images;  // [n, height, width, channels]
  int64_t imageSize;
  int32_t channels;
  WindowAxis vertical, horizontal;
  Divisor gridPlaces, gridWidth;        // places of the grid for an image, and in a row of it
  Divisor windowWidth, groupChannels;   // places in a row of the window, and channels of each of its places
  int32_t firstChannel;
  bool inQuads;  // whether four channels at a time can be copied

  // Panel [row][k], of rows below `rows` and depths below `depth`; zeros beyond.
  template <class Shape>
  __device__ void copyRows(float* panel, uint32_t row, uint32_t rows, uint32_t k, uint32_t depth) const {
    if (inQuads) {
      copyRowsBy<Shape, 4>(panel, row, rows, k, depth);
    } else {
      copyRowsBy<Shape, 1>(panel, row, rows, k, depth);
    }
  }

  // Panel [k][row] of the transposed matrix: the windows run along the depth.
  template <class Shape>
  __device__ void copyTransposed(float* panel, uint32_t row, uint32_t rows, uint32_t k, uint32_t depth) const {
    if (inQuads) {
      copyTransposedBy<Shape, 4>(panel, row, rows, k, depth);
    } else {
      copyTransposedBy<Shape, 1>(panel, row, rows, k, depth);
    }
  }

 private:
  // Where the window of a row begins.
  struct Corner {
    const float* image;
    int32_t y, x;
  };
  __device__ Corner cornerOf(uint32_t row) const {
    const auto image = gridPlaces.divide(row), place = gridWidth.divide(image.remainder);
    return {images + image.quotient * imageSize,
            static_cast<int32_t>(place.quotient) * vertical.stride + vertical.start,
            static_cast<int32_t>(place.remainder) * horizontal.stride + horizontal.start};
  }

  // A channel of a place of the window, seen from its corner.
  struct Tap {
    int32_t y, x, channel;
  };
  __device__ Tap tapOf(uint32_t k) const {
    const auto place = groupChannels.divide(k), at = windowWidth.divide(place.quotient);
    return {static_cast<int32_t>(at.quotient) * vertical.step, static_cast<int32_t>(at.remainder) * horizontal.step,
            firstChannel + static_cast<int32_t>(place.remainder)};
  }

  template <int vector>
  __device__ void copy(float* shared, const Corner& corner, const Tap& tap, bool exists) const {
    const int32_t y = corner.y + tap.y, x = corner.x + tap.x;
    const bool inside = exists && static_cast<uint32_t>(y) < static_cast<uint32_t>(vertical.images) &&
                        static_cast<uint32_t>(x) < static_cast<uint32_t>(horizontal.images);
    copyAsync<vector>(shared, corner.image + ((y * horizontal.images + x) * channels + tap.channel), inside, images);
  }

  template <class Shape, int vector>
  __device__ void copyRowsBy(float* panel, uint32_t row, uint32_t rows, uint32_t k, uint32_t depth) const {
    constexpr int perRow = Shape::depth / vector;
    const int at = threadIdx.x % perRow * vector;  // the same in all of this thread's rows
    const Tap tap = tapOf(k + at);
#pragma unroll 2  // more would take too many registers
    for (int r = threadIdx.x / perRow; r < Shape::rows; r += Shape::threads / perRow)
      copy<vector>(panel + r * Shape::strideA + at, cornerOf(row + r), tap, row + r < rows && k + at < depth);
  }

  template <class Shape, int vector>
  __device__ void copyTransposedBy(float* panel, uint32_t row, uint32_t rows, uint32_t k, uint32_t depth) const {
    constexpr int perDepth = Shape::rows / vector;
    const int at = threadIdx.x % perDepth * vector;
    const Tap tap = tapOf(row + at);
    for (int i = threadIdx.x / perDepth; i < Shape::depth; i += Shape::threads / perDepth)
      copy<vector>(panel + i * PanelA<Shape, true>::depthStride + at, cornerOf(k + i), tap,
                   row + at < rows && k + i < depth);
  }
};

}  // namespace cuda_gan::cuda
