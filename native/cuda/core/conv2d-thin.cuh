// Convolutions in groups of few channels, depthwise ones above all. Tiles of a matrix product would be almost empty, so
// threads compute single elements.
#pragma once
#include "columns.cuh"
#include "conv2d-factors.cuh"
#include "images.cuh"

namespace cuda_gan::cuda {

inline bool isThin(const Conv2dTensors& conv) {
  return conv.geometry.groups > 1 && conv.groupInputs() < 8 && conv.groupOutputs() < 8;
}

// Along one axis, 32 bits wide: see ConvAxis.
struct ThinAxis {
  int32_t input, kernel, stride, dilation, padding;

  ThinAxis() = default;
  explicit ThinAxis(const ConvAxis& axis)
      : input(static_cast<int32_t>(axis.input)),
        kernel(static_cast<int32_t>(axis.kernel)),
        stride(static_cast<int32_t>(axis.stride)),
        dilation(static_cast<int32_t>(axis.dilation)),
        padding(static_cast<int32_t>(axis.padding)) {}

  __device__ int32_t inputPlace(int32_t o, int32_t k) const { return o * stride - padding + k * dilation; }
  __device__ bool hasInput(int32_t i) const { return i >= 0 && i < input; }
};

struct ThinImages {
  ImageShape x, y;
  ThinAxis vertical, horizontal;
  int32_t groupInputs, groupOutputs;
  Divisor inputsOfGroup, outputsOfGroup;

  __device__ int64_t kernelIndex(int32_t row, int32_t column, int32_t input, int32_t output) const {
    return (static_cast<int64_t>(row * horizontal.kernel + column) * groupInputs + input) * y.channels.divisor + output;
  }
  __device__ int32_t firstInputFor(int32_t output) const {
    return static_cast<int32_t>(outputsOfGroup.quotient(output)) * groupInputs;
  }
};

inline ThinImages thinImagesOf(const Conv2dTensors& conv, const Tensor& x, const Tensor& y) {
  return {imageShapeOf(x),
          imageShapeOf(y),
          ThinAxis(conv.geometry.vertical),
          ThinAxis(conv.geometry.horizontal),
          static_cast<int32_t>(conv.groupInputs()),
          static_cast<int32_t>(conv.groupOutputs()),
          divisorOf(conv.groupInputs()),
          divisorOf(conv.groupOutputs())};
}

// An element of y.
struct ThinConv2d {
  ThinImages images;
  const float *x, *kernel;

  __device__ float operator()(int64_t index) const {
    const ImagePlace at = images.y.place(index);
    const int32_t first = images.firstInputFor(at.channel);
    float sum = 0;
    for (int32_t ky = 0; ky < images.vertical.kernel; ky++) {
      const int32_t iy = images.vertical.inputPlace(at.row, ky);
      if (!images.vertical.hasInput(iy)) continue;
      for (int32_t kx = 0; kx < images.horizontal.kernel; kx++) {
        const int32_t ix = images.horizontal.inputPlace(at.column, kx);
        if (!images.horizontal.hasInput(ix)) continue;
        const float* from = x + images.x.index(at.image, iy, ix, first);
        for (int32_t i = 0; i < images.groupInputs; i++)
          sum = fmaf(from[i], kernel[images.kernelIndex(ky, kx, i, at.channel)], sum);
      }
    }
    return sum;
  }
};

// An element of dx.
struct ThinConv2dInputGradient {
  ThinImages images;
  PhaseAxis vertical, horizontal;
  const float *dy, *kernel;

  __device__ float operator()(int64_t index) const {
    const ImagePlace at = images.x.place(index);
    const auto group = images.inputsOfGroup.divide(at.channel);
    const int32_t input = group.remainder, firstOutput = group.quotient * images.groupOutputs;
    const auto rows = vertical.phase(at.row % vertical.stride),
               columns = horizontal.phase(at.column % horizontal.stride);
    float sum = 0;
    for (int32_t i = 0; i < rows.kernelPlaces; i++) {
      const int32_t oy = at.row / vertical.stride + rows.firstOutput + i * vertical.outputStep;
      if (oy < 0 || oy >= vertical.output) continue;
      for (int32_t j = 0; j < columns.kernelPlaces; j++) {
        const int32_t ox = at.column / horizontal.stride + columns.firstOutput + j * horizontal.outputStep;
        if (ox < 0 || ox >= horizontal.output) continue;
        const float* from = dy + images.y.index(at.image, oy, ox, firstOutput);
        const float* weights =
            kernel + images.kernelIndex(rows.firstKernel + i * vertical.kernelStep,
                                        columns.firstKernel + j * horizontal.kernelStep, input, firstOutput);
        for (int32_t o = 0; o < images.groupOutputs; o++) sum = fmaf(from[o], weights[o], sum);
      }
    }
    return sum;
  }
};

// Sums over pieces of the output places, to [pieces, kernel height, kernel width, in / groups, out]: a block for 32
// outputs of a row of the kernel.
struct ThinConv2dKernelGradient {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  ThinImages images;
  const float *x, *dy;
  float* pieces;
  int64_t places, pieceLength;
  Divisor blocksPerRow, rows;

  __device__ void operator()(int64_t block) const {
    const auto at = blocksPerRow.divide(static_cast<uint32_t>(block)), piece = rows.divide(at.quotient);
    const int32_t output = at.remainder * warpLanes + threadIdx.x % warpLanes, outputs = images.y.channels.divisor;
    const auto tap = images.inputsOfGroup.divide(piece.remainder);
    const int32_t ky = tap.quotient / images.horizontal.kernel, kx = tap.quotient % images.horizontal.kernel;
    const bool inside = output < outputs;
    const int32_t input = inside ? images.firstInputFor(output) + tap.remainder : 0;
    const int64_t begin = piece.quotient * pieceLength, left = places - begin;
    const float sum = sumOfRows(left < pieceLength ? left : pieceLength, [&](int64_t row) {
      const auto line = images.y.width.divide(static_cast<uint32_t>(begin + row)),
                 image = images.y.height.divide(line.quotient);
      const int32_t iy = images.vertical.inputPlace(image.remainder, ky),
                    ix = images.horizontal.inputPlace(line.remainder, kx);
      if (!inside || !images.vertical.hasInput(iy) || !images.horizontal.hasInput(ix)) return 0.0f;
      return x[images.x.index(image.quotient, iy, ix, input)] * dy[(begin + row) * outputs + output];
    });
    if (inside && threadIdx.x < warpLanes) pieces[at.quotient * static_cast<int64_t>(outputs) + output] = sum;
  }
};

}  // namespace cuda_gan::cuda
