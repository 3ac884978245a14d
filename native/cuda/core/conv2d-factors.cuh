// Convolutions as matrix products, for Gemm: implicit ones, whose matrix of windows is looked up in the images. Each
// group of channels is a product of its own.
#pragma once
#include <numeric>

#include "convolution.h"
#include "patches.cuh"

namespace cuda_gan::cuda {

// Rows, columns and depths of these products are 32-bit numbers, and so are places within an image.
inline uint32_t below31Bits(int64_t number) {
  if (number > INT32_MAX) throw std::runtime_error("a convolution is too large for the cuda device");
  return static_cast<uint32_t>(number);
}

inline Divisor divisorOf(int64_t number) { return Divisor(below31Bits(std::max<int64_t>(number, 1))); }

// Tiles of several products of one size, as a launch counts them: piece by piece of the depth, plane by plane, row by
// row. With several pieces, what they add up to is a tensor [pieces, ..], to be added up in its turn.
struct TilePlanes {
  uint32_t planes, rows, columns, pieces = 1;

  template <class Shape>
  int64_t tiles() const {
    return int64_t{pieces} * planes * ceilDivide(rows, Shape::rows) * ceilDivide(columns, Shape::columns);
  }

  struct Corner {
    uint32_t piece, plane, row, column;
  };
  template <class Shape>
  __device__ Corner cornerOf(uint32_t number) const {
    const uint32_t perRow = (columns + Shape::columns - 1) / Shape::columns,
                   perColumn = (rows + Shape::rows - 1) / Shape::rows, plane = number / perRow / perColumn;
    return {plane / planes, plane % planes, number / perRow % perColumn * Shape::rows,
            number % perRow * Shape::columns};
  }

  // What of the depth a piece takes: as many panels as the others, but for the last.
  struct Range {
    uint32_t begin, end;
  };
  template <class Shape>
  __device__ Range rangeOf(uint32_t piece, uint32_t depth) const {
    const uint32_t panels = (depth + Shape::depth - 1) / Shape::depth,
                   length = (panels + pieces - 1) / pieces * Shape::depth, begin = piece * length;
    return {begin < depth ? begin : depth, begin + length < depth ? begin + length : depth};
  }
};

// The windows of x that the places of y see.
inline Patches windowsOf(const Tensor& x, const Conv2dTensors& conv) {
  const auto axis = [](const ConvAxis& along) {
    return WindowAxis{static_cast<int32_t>(along.input), static_cast<int32_t>(along.stride),
                      static_cast<int32_t>(-along.padding), static_cast<int32_t>(along.dilation)};
  };
  const auto& [vertical, horizontal, groups] = conv.geometry;
  const int64_t imageSize = conv.geometry.inputPlaces() * conv.inputs;
  below31Bits(imageSize);
  return {x.floats(), imageSize, static_cast<int32_t>(conv.inputs), axis(vertical), axis(horizontal),
          divisorOf(conv.geometry.outputPlaces()), divisorOf(horizontal.output), divisorOf(horizontal.kernel),
          divisorOf(conv.groupInputs()), 0, isInQuads({x.floats(), conv.inputs, 1}, conv.groupInputs())};
}

// The columns of a group in a matrix whose columns are the channels of all.
__device__ inline MatrixView columnsOfGroup(const MatrixView& matrix, uint32_t group, int64_t width) {
  return {matrix.data + group * width, matrix.rowStride, 1};
}

// Factors know besides how many elements their result has, how deep their deepest tile is, and the length of the
// result's last axis.

// y [n · height · width, out] = windows of x [.., kernel places · in] · kernel [kernel places · in, out].
struct Conv2dFactors {
  static constexpr bool looksUpRows = true;  // else the depth
  Patches windows;
  MatrixView kernel;
  bool kernelInQuads;
  TilePlanes planes;  // one for each group
  uint32_t depth;
  int64_t groupInputs, groupOutputs, outputs;

  Conv2dFactors() = default;
  Conv2dFactors(const Tensor& x, const Tensor& kernel, const Conv2dTensors& conv)
      : windows(windowsOf(x, conv)),
        kernel{kernel.floats(), conv.outputs, 1},
        kernelInQuads(isInQuads(this->kernel, conv.groupOutputs())),
        planes{below31Bits(conv.geometry.groups), below31Bits(conv.outputRows()), below31Bits(conv.groupOutputs())},
        depth(below31Bits(conv.kernelRows())),
        groupInputs(conv.groupInputs()),
        groupOutputs(conv.groupOutputs()),
        outputs(conv.outputs) {
    requireNarrow(this->kernel);
  }

  int64_t size() const { return planes.rows * outputs; }
  int64_t deepest() const { return depth; }
  int64_t width() const { return outputs; }

  template <class Shape>
  int64_t tiles() const { return planes.tiles<Shape>(); }

  template <class Shape>
  struct Tile {
    static constexpr bool byDepth = false, byColumn = false;
    const Conv2dFactors& factors;
    TilePlanes::Corner corner;
    TilePlanes::Range range;
    int64_t firstIndex;
    Patches windows;
    Patches::RowCorners<Shape> own;
    Patches::Tap tap;  // of the next panel

    __device__ Tile(const Conv2dFactors& factors, const TilePlanes::Corner& corner)
        : factors(factors),
          corner(corner),
          range(factors.planes.rangeOf<Shape>(corner.piece, factors.depth)),
          firstIndex(corner.piece * (factors.planes.rows * factors.outputs)),
          windows(factors.windows),
          own(windows.cornersOf<Shape>(corner.row, factors.planes.rows)),
          tap(windows.tapOf(range.begin + windows.ownDepth<Shape>())) {
      windows.firstChannel = static_cast<int32_t>(corner.plane * factors.groupInputs);
    }

    __device__ uint32_t depth() const { return range.end - range.begin; }
    __device__ void loadA(float* panel, uint32_t k) {
      windows.copyRows<Shape>(panel, own, tap, corner.row, factors.planes.rows, range.begin + k, range.end);
      windows.advance(tap, Shape::depth);
    }
    __device__ void loadB(float* panel, uint32_t k) const {
      copyPanelB<Shape>(panel, columnsOfGroup(factors.kernel, corner.plane, factors.groupOutputs),
                        factors.kernelInQuads, range.begin + k, corner.column, range.end, factors.groupOutputs);
    }

    // Four elements along the depth from k + ownDepth on: of this thread's row i, and of a column.
    __device__ Floats<4> quadOfA(int i, uint32_t k) const {
      return windows.quadAt(own.corners[i], tap, range.begin + k + windows.ownDepth<Shape>() < range.end);
    }
    __device__ Floats<4> quadOfB(int c, uint32_t k) const {
      const uint32_t row = range.begin + k + windows.ownDepth<Shape>();
      const bool inside = row < range.end && corner.column + c < factors.planes.columns;
      const float* first = factors.kernel.data +
                           (inside ? row * factors.outputs + corner.plane * factors.groupOutputs + corner.column + c : 0);
      return eachOf<4>([&](int i) { return first[inside ? i * factors.outputs : 0]; });
    }
    __device__ void advance() { windows.advance(tap, Shape::depth); }
    __device__ Place place(int r, int c) const {
      const uint32_t row = corner.row + r, output = corner.column + c;
      const int64_t column = corner.plane * factors.groupOutputs + output;
      return {firstIndex + row * factors.outputs + column, column,
              row < factors.planes.rows && output < factors.planes.columns};
    }
  };

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    return {*this, planes.cornerOf<Shape>(number)};
  }
};

// Along one axis, an input gradient is as many convolutions of stride 1 as the stride says: those of its places i of
// one phase, i mod stride. Kernel places k with i + padding - k · dilation divisible by the stride meet them, each
// `kernelStep` after the last, at output places that move by `outputStep`.
struct PhaseAxis {
  int32_t input, output, kernel, stride, dilation, padding, kernelStep, outputStep;

  PhaseAxis() = default;
  explicit PhaseAxis(const ConvAxis& axis)
      : input(static_cast<int32_t>(axis.input)),
        output(static_cast<int32_t>(axis.output)),
        kernel(static_cast<int32_t>(axis.kernel)),
        stride(static_cast<int32_t>(axis.stride)),
        dilation(static_cast<int32_t>(axis.dilation)),
        padding(static_cast<int32_t>(axis.padding)),
        kernelStep(static_cast<int32_t>(axis.stride / std::gcd(axis.stride, axis.dilation))),
        outputStep(static_cast<int32_t>(-axis.dilation / std::gcd(axis.stride, axis.dilation))) {}

  // Places of the longest phase.
  int64_t places() const { return ceilDivide(input, stride); }

  struct Phase {
    int32_t firstKernel, kernelPlaces, firstOutput;
  };
  __device__ Phase phase(int32_t number) const {
    for (int32_t k = 0; k < kernelStep && k < kernel; k++) {
      const int32_t at = number + padding - k * dilation;
      if (at % stride == 0) return {k, (kernel - k + kernelStep - 1) / kernelStep, at / stride};
    }
    return {0, 0, 0};
  }
};

// dx [n · height · width, in] = windows of dy [.., kernel places · out] · kernelᵀ [kernel places · out, in], phase by
// phase.
struct Conv2dInputGradientFactors {
  static constexpr bool looksUpRows = true;
  Patches windows;  // of the first phase
  PhaseAxis vertical, horizontal;
  const float* kernel;
  TilePlanes planes;  // one for each group of each phase
  uint32_t groups;
  int64_t inputs, outputs, groupInputs, groupOutputs, imageCount;

  Conv2dInputGradientFactors() = default;
  Conv2dInputGradientFactors(const Tensor& dy, const Tensor& kernel, const Conv2dTensors& conv)
      : vertical(conv.geometry.vertical),
        horizontal(conv.geometry.horizontal),
        kernel(kernel.floats()),
        groups(below31Bits(conv.geometry.groups)),
        inputs(conv.inputs),
        outputs(conv.outputs),
        groupInputs(conv.groupInputs()),
        groupOutputs(conv.groupOutputs()) {
    const auto axis = [](const PhaseAxis& along) { return WindowAxis{along.output, 1, 0, along.outputStep}; };
    const int64_t imageSize = conv.geometry.outputPlaces() * outputs, places = vertical.places() * horizontal.places();
    below31Bits(imageSize);
    below31Bits(conv.geometry.kernelPlaces() * groupOutputs);
    requireNarrow({kernel.floats(), outputs, 1});
    windows = {dy.floats(),
               imageSize,
               static_cast<int32_t>(outputs),
               axis(vertical),
               axis(horizontal),
               divisorOf(places),
               divisorOf(horizontal.places()),
               Divisor(1),
               divisorOf(groupOutputs),
               0,
               isInQuads({dy.floats(), outputs, 1}, groupOutputs) &&
                   isInQuads({kernel.floats(), outputs, 1}, groupOutputs)};
    planes = {below31Bits(int64_t{vertical.stride} * horizontal.stride * groups), below31Bits(conv.batch * places),
              below31Bits(groupInputs)};
    imageCount = conv.batch;
  }

  int64_t size() const { return imageCount * vertical.input * horizontal.input * inputs; }
  int64_t deepest() const {
    return ceilDivide(vertical.kernel, vertical.kernelStep) * ceilDivide(horizontal.kernel, horizontal.kernelStep) *
           groupOutputs;
  }
  int64_t width() const { return inputs; }

  template <class Shape>
  int64_t tiles() const { return planes.tiles<Shape>(); }

  template <class Shape>
  struct Tile {
    static constexpr bool byDepth = false, byColumn = true;
    const Conv2dInputGradientFactors& factors;
    TilePlanes::Corner corner;
    int32_t group, phaseY, phaseX;
    PhaseAxis::Phase vertical, horizontal;
    TilePlanes::Range range;
    Patches windows;
    Patches::RowCorners<Shape> own;
    Patches::Tap tap;  // of the next panel

    __device__ Tile(const Conv2dInputGradientFactors& factors, const TilePlanes::Corner& corner)
        : factors(factors),
          corner(corner),
          group(static_cast<int32_t>(corner.plane % factors.groups)),
          phaseY(static_cast<int32_t>(corner.plane / factors.groups) / factors.horizontal.stride),
          phaseX(static_cast<int32_t>(corner.plane / factors.groups) % factors.horizontal.stride),
          vertical(factors.vertical.phase(phaseY)),
          horizontal(factors.horizontal.phase(phaseX)),
          range(factors.planes.rangeOf<Shape>(
              corner.piece,
              static_cast<uint32_t>(vertical.kernelPlaces * horizontal.kernelPlaces * factors.groupOutputs))),
          windows(factors.windows) {
      windows.vertical.start = vertical.firstOutput;
      windows.horizontal.start = horizontal.firstOutput;
      windows.windowWidth = Divisor(horizontal.kernelPlaces > 0 ? horizontal.kernelPlaces : 1);
      windows.firstChannel = group * static_cast<int32_t>(factors.groupOutputs);
      own = windows.cornersOf<Shape>(corner.row, factors.planes.rows);
      tap = windows.tapOf(range.begin + windows.ownDepth<Shape>());
    }

    __device__ uint32_t depth() const { return range.end - range.begin; }
    __device__ void loadA(float* panel, uint32_t k) const {
      windows.copyRows<Shape>(panel, own, tap, corner.row, factors.planes.rows, range.begin + k, range.end);
    }
    // As of a convolution.
    __device__ Floats<4> quadOfA(int i, uint32_t k) const {
      return windows.quadAt(own.corners[i], tap, range.begin + k + windows.ownDepth<Shape>() < range.end);
    }
    __device__ Floats<4> quadOfB(int c, uint32_t k) const {
      const bool inside = range.begin + k + windows.ownDepth<Shape>() < range.end && corner.column + c < factors.planes.columns;
      const float* own = ownKernel() + static_cast<int>(c * factors.outputs);
      return loadFloats<4>(inside ? own : factors.kernel);
    }
    __device__ void advance() { windows.advance(tap, Shape::depth); }

    // Neighbouring threads along the depth, whose channels are neighbours in memory. The tap is that of the other panel.
    __device__ void loadB(float* panel, uint32_t k) {
      if (windows.inQuads) {
        copyKernel<4>(panel, range.begin + k);
      } else {
        copyKernel<1>(panel, range.begin + k);
      }
      windows.advance(tap, Shape::depth);
    }
    __device__ Place place(int r, int c) const {
      const uint32_t row = corner.row + r, input = corner.column + c;
      const auto image = windows.gridPlaces.divide(row), at = windows.gridWidth.divide(image.remainder);
      const int32_t y = static_cast<int32_t>(at.quotient) * factors.vertical.stride + phaseY;
      const int32_t x = static_cast<int32_t>(at.remainder) * factors.horizontal.stride + phaseX;
      const int64_t column = group * factors.groupInputs + input;
      const int64_t line =
          (corner.piece * factors.imageCount + static_cast<int64_t>(image.quotient)) * factors.vertical.input + y;
      return {(line * factors.horizontal.input + x) * factors.inputs + column, column,
              row < factors.planes.rows && y < factors.vertical.input && x < factors.horizontal.input &&
                  input < factors.planes.columns};
    }

   private:
    // Where the kernel has this tap for the first of the columns.
    __device__ const float* ownKernel() const {
      const int64_t row = vertical.firstKernel + tap.row * factors.vertical.kernelStep;
      const int64_t column = horizontal.firstKernel + tap.column * factors.horizontal.kernelStep;
      return factors.kernel +
             ((row * factors.horizontal.kernel + column) * factors.groupInputs + corner.column) * factors.outputs +
             windows.firstChannel + tap.channel;
    }

    template <int vector>
    __device__ void copyKernel(float* panel, uint32_t k) const {
      constexpr int perColumn = Shape::depth / vector, step = Shape::threads / perColumn;
      const int at = windows.ownDepth<Shape>();
      const float* first = ownKernel();
      const int outputs = static_cast<int>(factors.outputs);
      for (int c = threadIdx.x / perColumn; c < Shape::columns; c += step) {
        const bool inside = k + at < range.end && corner.column + c < factors.planes.columns;
        copyAsync<vector>(panel + c * PanelB<Shape, byColumn>::columnStride + at, first + c * outputs, inside);
      }
    }
  };

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    return {*this, planes.cornerOf<Shape>(number)};
  }
};

// dkernel [kernel places · in, out] = windows of xᵀ [kernel places · in, n · height · width] · dy [n · height · width,
// out].
struct Conv2dKernelGradientFactors {
  static constexpr bool looksUpRows = false;
  Patches windows;
  MatrixView dy;
  bool dyInQuads;
  TilePlanes planes;  // one for each group
  uint32_t depth;
  int64_t groupInputs, groupOutputs, outputs;

  Conv2dKernelGradientFactors() = default;
  Conv2dKernelGradientFactors(const Tensor& x, const Tensor& dy, const Conv2dTensors& conv)
      : windows(windowsOf(x, conv)),
        dy{dy.floats(), conv.outputs, 1},
        dyInQuads(isInQuads(this->dy, conv.groupOutputs())),
        planes{below31Bits(conv.geometry.groups), below31Bits(conv.kernelRows()), below31Bits(conv.groupOutputs())},
        depth(below31Bits(conv.outputRows())),
        groupInputs(conv.groupInputs()),
        groupOutputs(conv.groupOutputs()),
        outputs(conv.outputs) {
    requireNarrow(this->dy);
  }

  int64_t size() const { return planes.rows * outputs; }
  int64_t deepest() const { return depth; }
  int64_t width() const { return outputs; }

  template <class Shape>
  int64_t tiles() const { return planes.tiles<Shape>(); }

  template <class Shape>
  struct Tile {
    static constexpr bool byDepth = true, byColumn = false;
    const Conv2dKernelGradientFactors& factors;
    TilePlanes::Corner corner;
    TilePlanes::Range range;
    int64_t firstIndex;
    Patches windows;
    Patches::Tap own;

    __device__ Tile(const Conv2dKernelGradientFactors& factors, const TilePlanes::Corner& corner)
        : factors(factors),
          corner(corner),
          range(factors.planes.rangeOf<Shape>(corner.piece, factors.depth)),
          firstIndex(corner.piece * (factors.planes.rows * factors.outputs)),
          windows(factors.windows) {
      windows.firstChannel = static_cast<int32_t>(corner.plane * factors.groupInputs);
      own = windows.ownTap<Shape>(corner.row);
    }

    __device__ uint32_t depth() const { return range.end - range.begin; }
    __device__ void loadA(float* panel, uint32_t k) const {
      windows.copyTransposed<Shape>(panel, own, corner.row, factors.planes.rows, range.begin + k, range.end);
    }
    __device__ void loadB(float* panel, uint32_t k) const {
      copyPanelB<Shape>(panel, columnsOfGroup(factors.dy, corner.plane, factors.groupOutputs), factors.dyInQuads,
                        range.begin + k, corner.column, range.end, factors.groupOutputs);
    }
    __device__ Place place(int r, int c) const {
      const uint32_t row = corner.row + r, output = corner.column + c;
      const int64_t column = corner.plane * factors.groupOutputs + output;
      return {firstIndex + row * factors.outputs + column, column,
              row < factors.planes.rows && output < factors.planes.columns};
    }
  };

  template <class Shape>
  __device__ Tile<Shape> tile(uint32_t number) const {
    return {*this, planes.cornerOf<Shape>(number)};
  }
};

}  // namespace cuda_gan::cuda
