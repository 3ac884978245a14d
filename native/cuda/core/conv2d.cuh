// The three convolutions, handed to a sink: that of the plain op, or of one fused with what follows.
#pragma once
#include <limits>

#include "box.cuh"
#include "conv2d-thin.cuh"
#include "elements.cuh"
#include "gemm.cuh"
#include "few-channels.cuh"

namespace cuda_gan::cuda {

// Tiles that a large GPU computes at a time.
constexpr int64_t tilesAtATime = 256;
// Places of the depth in whose time a tile begins and ends, and those in whose time its sums go through memory.
constexpr int64_t depthOfTile = 64, depthOfSums = 128;
constexpr int64_t mostPieces = 64;

// In how many pieces the depth of so many tiles is cut, to keep the GPU busy: as many as take the least time. They depend
// on shapes alone, and so do the bits of the sums.
inline uint32_t piecesOf(int64_t tiles, int64_t depth) {
  int64_t best = 1, least = std::numeric_limits<int64_t>::max();
  for (int64_t pieces = 1; pieces <= std::min(mostPieces, ceilDivide(depth, depthOfSums)); pieces++) {
    const int64_t overhead = depthOfTile + (pieces > 1 ? depthOfSums : 0);
    const int64_t time = ceilDivide(tiles * pieces, tilesAtATime) * (ceilDivide(depth, pieces) + overhead);
    if (time < least) {
      least = time;
      best = pieces;
    }
  }
  return static_cast<uint32_t>(best);
}

// Memory for `count` tensors of `size`.
inline float* memoryOf(int64_t count, int64_t size, const Context& context) {
  return static_cast<float*>(context.workspace(static_cast<size_t>(count * size) * sizeof(float)));
}

// multiply(factors, sink) is the product in tiles of that shape.
template <class Shape, class Factors, class Sink, class Multiply>
Kernel inPieces(Factors factors, const Sink& sink, const Context& context, Multiply multiply) {
  const uint32_t count = piecesOf(factors.template tiles<Shape>(), factors.deepest());
  if (count == 1) return multiply(factors, sink);
  factors.planes.pieces = count;
  const int64_t size = factors.size();
  float* pieces = memoryOf(count, size, context);
  return multiply(factors, Store{{pieces}}) + sinkSums(pieces, count, size, factors.width(), sink);
}

template <class Shape, class Factors, class Sink>
Kernel gemmInPieces(const Factors& factors, const Sink& sink, const Context& context) {
  return inPieces<Shape>(factors, sink, context, [&](const Factors& product, const auto& to) { return gemmOf<Shape>(product, to, context); });
}

template <class Shape, class Factors, class Sink>
Kernel fewChannelsInPieces(const Factors& factors, const Sink& sink, const Context& context) {
  return inPieces<Shape>(factors, sink, context, [](const Factors& product, const auto& to) { return toFewChannels<Shape>(product, to); });
}

// A convolution by the shape of tile that suits its rows and columns.
template <class Factors, class Sink>
Kernel gemmOfImages(const Factors& factors, const Sink& sink, const Context& context) {
  const auto& [planes, rows, columns, pieces] = factors.planes;
  if constexpr (Factors::looksUpRows) {
    if (columns == 1 && factors.windows.inQuads) return fewChannelsInPieces<FewColumns<1>>(factors, sink, context);
    if (columns <= fewChannels && factors.windows.inQuads)
      return fewChannelsInPieces<FewColumns<fewChannels>>(factors, sink, context);
  }
  if (columns <= Narrow128::columns) return gemmInPieces<Narrow128>(factors, sink, context);
  const bool isSmall = columns <= Compact::columns || rows <= Compact::rows;
  // Only the larger ones suit tensor cores.
  if (isSmall && context.precision == Precision::Float32) return gemmInPieces<Compact>(factors, sink, context);
  if (rows <= Wide::rows) return gemmInPieces<Wide>(factors, sink, context);
  return gemmInPieces<Tall>(factors, sink, context);
}

// A kernel [height, width, in / groups, out] in the library's order, [out, height, width, in / groups].
inline Kernel toLibraryOrder(const Tensor& kernel, float* reordered, const Conv2dTensors& conv) {
  return copyBox({conv.kernelRows(), conv.outputs}, {conv.outputs, 1}, {1, conv.kernelRows()}, kernel.floats(),
                 reordered);
}

struct ElementOf {
  const float* tensor;
  __device__ float operator()(int64_t index) const { return tensor[index]; }
};

// Where a kernel lies in the library's order, once that is asked for. The convolutions of a step that have the same one share it.
inline auto reorderedKernel(const Tensor& kernel, const Conv2dTensors& conv, const Context& context) {
  return [=, &context] {
    return context.derived("toLibraryOrder", kernel, [=](float* reordered) { return toLibraryOrder(kernel, reordered, conv); });
  };
}

// Hands a kernel that lies in the library's order to a sink, in tiles that shared memory turns.
template <class Sink>
struct SinkReordered {
  static constexpr int rows = warpLanes, columns = warpLanes, threads = 256, padded = columns + 1;
  static constexpr size_t sharedBytes = sizeof(float) * (rows * columns + columns * padded);
  const float* kernel;
  Extent extent;  // of the kernel in its own order: its rows, its outputs
  Sink sink;

  __device__ void operator()(int64_t block) const {
    const auto perRow = static_cast<uint32_t>(ceilDivide(extent.n, columns)), at = static_cast<uint32_t>(block);
    const ThinFactors::Tile tile{static_cast<int64_t>(at / perRow) * rows, static_cast<int64_t>(at % perRow) * columns, extent};
    float *elements = sharedFloats(), *turned = elements + rows * columns;
    const int lane = threadIdx.x % warpLanes;
#pragma unroll
    for (int i = threadIdx.x / warpLanes; i < columns; i += threads / warpLanes)
      turned[i * padded + lane] = kernel[tile.columnOf(i) * extent.m + tile.rowOf(lane)];
    __syncthreads();
    for (int i = threadIdx.x / warpLanes; i < rows; i += threads / warpLanes)
      elements[i * columns + lane] = turned[lane * padded + i];
    __syncthreads();
    sink.template put<SinkReordered>(elements, tile);
  }
};

template <class Sink>
Kernel sinkReordered(const float* kernel, const Conv2dTensors& conv, const Sink& sink) {
  using Body = SinkReordered<Sink>;
  const Extent extent{conv.kernelRows(), conv.outputs, 0};
  return launch(Body{kernel, extent, sink}, ceilDivide(extent.m, Body::rows) * ceilDivide(extent.n, Body::columns));
}

// An element of images, read from larger ones that begin with them.
struct ElementOfPadded {
  ImageShape images, padded;
  const float* from;
  __device__ float operator()(int64_t index) const {
    const ImagePlace at = images.place(index);
    return from[padded.index(at.image, at.row, at.column, at.channel)];
  }
};

// Brings x to where the library reads it, unless it reads it where it lies.
inline Kernel toLibrary(const Tensor& x, const LibraryConvolution& library) {
  if (library.x == x.floats()) return {};
  return copyBox(x.shape, stridesOf(x.shape), stridesOf(library.shapeOfX), x.floats(), library.x);
}

// Where the library can put its result without a pass by the sink.
inline float* destinationOf(const Store& sink) { return sink.f.y; }
template <class Sink>
float* destinationOf(const Sink&) { return nullptr; }

// y [n, height, width, out] of x [n, height, width, in] and a kernel [height, width, in / groups, out].
template <class Sink>
Kernel sinkConv2d(const Tensor& x, const Tensor& kernel, const Tensor& y, const Attributes& attributes,
                  const Sink& sink, const Context& context) {
  if (y.size() == 0) return {};
  const Conv2dTensors conv = conv2dTensorsOf(attributes, x, y);
  if (isThin(conv))
    return sinkElements(y.size(), conv.outputs, ThinConv2d{thinImagesOf(conv, x, y), x.floats(), kernel.floats()},
                        sink);
  const auto kind = ConvolutionRequest::Kind::Forward;
  if (const auto library = libraryConvolution(kind, conv, x.floats(), reorderedKernel(kernel, conv, context), destinationOf(sink), context)) {
    const Kernel made = toLibrary(x, *library) + library->launches;
    if (library->y == destinationOf(sink)) return made;
    return made + sinkElements(y.size(), conv.outputs, ElementOf{library->y}, sink);
  }
  return gemmOfImages(Conv2dFactors(x, kernel, conv), sink, context);
}

// dx of dy and the kernel; also the transposed convolution of dy.
template <class Sink>
Kernel sinkConv2dInputGradient(const Tensor& dy, const Tensor& kernel, const Tensor& dx, const Attributes& attributes,
                               const Sink& sink, const Context& context) {
  if (dx.size() == 0) return {};
  const Conv2dTensors conv = conv2dTensorsOf(attributes, dx, dy);
  if (isThin(conv)) {
    const ThinConv2dInputGradient element{thinImagesOf(conv, dx, dy), PhaseAxis(conv.geometry.vertical),
                                          PhaseAxis(conv.geometry.horizontal), dy.floats(), kernel.floats()};
    return sinkElements(dx.size(), conv.inputs, element, sink);
  }
  const auto kind = ConvolutionRequest::Kind::InputGradient;
  if (const auto library = libraryConvolution(kind, conv, destinationOf(sink), reorderedKernel(kernel, conv, context), dy.floats(), context)) {
    const Kernel& made = library->launches;
    if (library->x == destinationOf(sink)) return made;
    const ElementOfPadded element{imageShapeOf(dx), imageShapeOf(library->shapeOfX), library->x};
    return made + sinkElements(dx.size(), conv.inputs, element, sink);
  }
  return gemmOfImages(Conv2dInputGradientFactors(dy, kernel, conv), sink, context);
}

template <class Sink>
Kernel thinKernelGradient(const Tensor& x, const Tensor& dy, const Conv2dTensors& conv, const Sink& sink,
                          const Context& context) {
  const int64_t rows = conv.kernelRows(), size = rows * conv.outputs, places = conv.outputRows();
  const int64_t blocksPerRow = ceilDivide(conv.outputs, warpLanes);
  const int64_t wanted = std::min(ceilDivide(2 * tilesAtATime, rows * blocksPerRow), ceilDivide(places, depthOfSums));
  const int64_t length = ceilDivide(places, std::max<int64_t>(wanted, 1));
  const int64_t count = length == 0 ? 1 : ceilDivide(places, length);
  float* pieces = memoryOf(count, size, context);
  const ThinConv2dKernelGradient sums{thinImagesOf(conv, x, dy), x.floats(), dy.floats(), pieces, places, length,
                                      divisorOf(blocksPerRow), divisorOf(rows)};
  return launch(sums, count * rows * blocksPerRow) +
         sinkSums(pieces, count, size, conv.outputs, sink);
}

// dkernel of x and dy.
template <class Sink>
Kernel sinkConv2dKernelGradient(const Tensor& x, const Tensor& dy, const Attributes& attributes, const Sink& sink,
                                const Context& context) {
  const Conv2dTensors conv = conv2dTensorsOf(attributes, x, dy);
  if (conv.kernelRows() * conv.outputs == 0) return {};
  if (isThin(conv)) return thinKernelGradient(x, dy, conv, sink, context);
  const auto kind = ConvolutionRequest::Kind::KernelGradient;
  const auto reordered = [&] { return memoryOf(1, conv.kernelRows() * conv.outputs, context); };
  if (const auto library = libraryConvolution(kind, conv, x.floats(), reordered, dy.floats(), context)) {
    return toLibrary(x, *library) + library->launches + sinkReordered(library->kernel, conv, sink);
  }
  return gemmOfImages(Conv2dKernelGradientFactors(x, dy, conv), sink, context);
}

}  // namespace cuda_gan::cuda
