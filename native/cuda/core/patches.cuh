// The windows of images as a matrix, which exists nowhere: a row for each place of a grid, along the depth the places
// of its window and their channels. Its elements are looked up in the images when panels of it are copied.
#pragma once
#include "divisor.cuh"
#include "floats.cuh"
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

  // Where the window of a row begins.
  struct Corner {
    const float* image;
    int32_t y, x;
  };
  // A place of the window, and one of its channels.
  struct Tap {
    int32_t row, column, channel;
  };
  // The tap at this place of the depth.
  __device__ Tap tapOf(uint32_t k) const {
    const auto place = groupChannels.divide(k), at = windowWidth.divide(place.quotient);
    return {static_cast<int32_t>(at.quotient), static_cast<int32_t>(at.remainder),
            static_cast<int32_t>(place.remainder)};
  }
  // The one that lies `steps` further along the depth.
  __device__ void advance(Tap& tap, int32_t steps) const {
    tap.channel += steps;
    while (tap.channel >= static_cast<int32_t>(groupChannels.divisor)) {
      tap.channel -= static_cast<int32_t>(groupChannels.divisor);
      if (++tap.column < static_cast<int32_t>(windowWidth.divisor)) continue;
      tap.column = 0;
      tap.row++;
    }
  }

  // What stays the same for a thread in all panels of a tile that it copies by quads: the corners of its rows.
  template <class Shape>
  struct RowCorners {
    static constexpr int perRow = Shape::depth / 4, step = Shape::threads / perRow, count = Shape::rows / step;
    Corner corners[count];
  };
  template <class Shape>
  __device__ RowCorners<Shape> cornersOf(uint32_t row, uint32_t rows) const {
    using Own = RowCorners<Shape>;
    Own own;
#pragma unroll
    for (int i = 0; i < Own::count; i++) {
      const uint32_t at = row + threadIdx.x / Own::perRow + i * Own::step;
      own.corners[i] = cornerOf(at);
      if (at >= rows) own.corners[i].y = outside;
    }
    return own;
  }

  // The place of the depth, seen from the panel's first, that a thread copies.
  template <class Shape>
  __device__ int ownDepth() const {
    return inQuads ? threadIdx.x % (Shape::depth / 4) * 4 : threadIdx.x % Shape::depth;
  }

  // Panel [row][k], of rows below `rows` and depths below `depth`; zeros beyond. `own` is of these rows, and `tap` the one
  // at k + ownDepth.
  template <class Shape>
  __device__ void copyRows(float* panel, const RowCorners<Shape>& own, const Tap& tap, uint32_t row, uint32_t rows,
                           uint32_t k, uint32_t depth) const {
    const int at = ownDepth<Shape>();
    if (inQuads) {
      using Own = RowCorners<Shape>;
#pragma unroll
      for (int i = 0; i < Own::count; i++)
        copy<4>(panel + (threadIdx.x / Own::perRow + i * Own::step) * Shape::strideA + at, own.corners[i], tap,
                k + at < depth);
    } else {
#pragma unroll 2  // more would take too many registers
      for (int r = threadIdx.x / Shape::depth; r < Shape::rows; r += Shape::threads / Shape::depth)
        copy<1>(panel + r * Shape::strideA + at, cornerOf(row + r), tap, row + r < rows && k + at < depth);
    }
  }

  // Four channels of a window; zeros where it is outside. Read in any case, so that several are under way.
  __device__ Floats<4> quadAt(const Corner& corner, const Tap& tap, bool exists) const {
    const Found found = find(corner, tap, exists);
    const Floats<4> quad = loadFloats<4>(found.inside ? found.at : images);
    return eachOf<4>([&](int i) { return found.inside ? quad.at[i] : 0.0f; });
  }

  // The place of the windows that a thread copies in panels of the transposed matrix, whose rows begin at `row`.
  template <class Shape>
  __device__ Tap ownTap(uint32_t row) const {
    const int vector = inQuads ? 4 : 1;
    return tapOf(row + threadIdx.x % (Shape::rows / vector) * vector);
  }

  // Panel [k][row] of the transposed matrix: the windows run along the depth. `own` is of these rows.
  template <class Shape>
  __device__ void copyTransposed(float* panel, const Tap& own, uint32_t row, uint32_t rows, uint32_t k,
                                 uint32_t depth) const {
    if (inQuads) {
      copyTransposedBy<Shape, 4>(panel, own, row, rows, k, depth);
    } else {
      copyTransposedBy<Shape, 1>(panel, own, row, rows, k, depth);
    }
  }

 private:
  static constexpr int32_t outside = -(1 << 30);  // no place of a window, seen from here, is in the images

  __device__ Corner cornerOf(uint32_t row) const {
    const auto image = gridPlaces.divide(row), place = gridWidth.divide(image.remainder);
    return {images + image.quotient * imageSize,
            static_cast<int32_t>(place.quotient) * vertical.stride + vertical.start,
            static_cast<int32_t>(place.remainder) * horizontal.stride + horizontal.start};
  }

  struct Found {
    const float* at;
    bool inside;  // else nothing is there
  };
  __device__ Found find(const Corner& corner, const Tap& tap, bool exists) const {
    const int32_t y = corner.y + tap.row * vertical.step, x = corner.x + tap.column * horizontal.step;
    const bool inside = exists && static_cast<uint32_t>(y) < static_cast<uint32_t>(vertical.images) &&
                        static_cast<uint32_t>(x) < static_cast<uint32_t>(horizontal.images);
    return {corner.image + ((y * horizontal.images + x) * channels + firstChannel + tap.channel), inside};
  }

  template <int vector>
  __device__ void copy(float* shared, const Corner& corner, const Tap& tap, bool exists) const {
    const Found found = find(corner, tap, exists);
    copyAsync<vector>(shared, found.at, found.inside);
  }

  template <class Shape, int vector>
  __device__ void copyTransposedBy(float* panel, const Tap& own, uint32_t row, uint32_t rows, uint32_t k,
                                   uint32_t depth) const {
    constexpr int perDepth = Shape::rows / vector, step = Shape::threads / perDepth;
    const int at = threadIdx.x % perDepth * vector;
#pragma unroll
    for (int i = 0; i < Shape::depth; i += step) {
      const int r = i + threadIdx.x / perDepth;
      copy<vector>(panel + r * PanelA<Shape, true>::depthStride + at, cornerOf(k + r), own,
                   row + at < rows && k + r < depth);
    }
  }
};

}  // namespace cuda_gan::cuda
