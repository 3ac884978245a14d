// The three convolutions, handed to a sink: that of the plain op, or of one fused with what follows.
#pragma once
#include "box.cuh"
#include "conv2d-thin.cuh"
#include "elements.cuh"
#include "gemm.cuh"

namespace cuda_gan::cuda {

// Tiles that keep all multiprocessors of a large GPU busy.
constexpr int64_t manyTiles = 256;

// A convolution by the shape of tile that suits its channels and its size.
template <class Factors, class Sink>
Kernel gemmOfImages(const Factors& factors, const Sink& sink, const Context& context) {
  if (factors.planes.columns <= Narrow128::columns) return gemmOf<Narrow128>(factors, sink, context);
  const bool isSmall = factors.planes.columns <= Compact::columns || factors.template tiles<Wide>() < manyTiles;
  // Only the wide ones suit tensor cores.
  if (isSmall && context.precision == Precision::Float32) return gemmOf<Compact>(factors, sink, context);
  return gemmOf<Wide>(factors, sink, context);
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

// An element of a kernel, read in the library's order.
struct ElementOfReordered {
  const float* kernel;
  int64_t rows, outputs;
  __device__ float operator()(int64_t index) const { return kernel[index % outputs * rows + index / outputs]; }
};

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
  if (const auto library = libraryConvolution(kind, conv, x.floats(), destinationOf(sink), context)) {
    const Kernel made = toLibrary(x, *library) + toLibraryOrder(kernel, library->kernel, conv) + library->launches;
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
  if (const auto library = libraryConvolution(kind, conv, destinationOf(sink), dy.floats(), context)) {
    const Kernel made = toLibraryOrder(kernel, library->kernel, conv) + library->launches;
    if (library->x == destinationOf(sink)) return made;
    const ElementOfPadded element{imageShapeOf(dx), imageShapeOf(library->shapeOfX), library->x};
    return made + sinkElements(dx.size(), conv.inputs, element, sink);
  }
  return gemmOfImages(Conv2dInputGradientFactors(dy, kernel, conv), sink, context);
}

// Memory for `count` tensors of `size`.
inline float* piecesOf(int64_t count, int64_t size, const Context& context) {
  return static_cast<float*>(context.workspace(static_cast<size_t>(count * size) * sizeof(float)));
}

// The depth of a kernel gradient, all places of a batch, is cut in pieces of at least so many, whose sums are added in
// their order.
constexpr int64_t shortestPiece = 256;

template <class Sink>
Kernel thinKernelGradient(const Tensor& x, const Tensor& dy, const Conv2dTensors& conv, const Sink& sink,
                          const Context& context) {
  const int64_t rows = conv.kernelRows(), size = rows * conv.outputs, places = conv.outputRows();
  const int64_t blocksPerRow = ceilDivide(conv.outputs, warpLanes);
  const int64_t wanted = std::min(ceilDivide(2 * manyTiles, rows * blocksPerRow), ceilDivide(places, shortestPiece));
  const int64_t length = ceilDivide(places, std::max<int64_t>(wanted, 1));
  const int64_t count = length == 0 ? 1 : ceilDivide(places, length);
  float* pieces = piecesOf(count, size, context);
  const ThinConv2dKernelGradient sums{thinImagesOf(conv, x, dy), x.floats(), dy.floats(), pieces, places, length,
                                      divisorOf(blocksPerRow), divisorOf(rows)};
  return launch(sums, count * rows * blocksPerRow) +
         sinkElements(size, conv.outputs, SumOfPieces{pieces, count, size}, sink);
}

template <class Shape, class Sink>
Kernel kernelGradientOf(const Conv2dKernelGradientFactors& whole, const Sink& sink, const Context& context) {
  const auto factors = whole.cut<Shape>(2 * manyTiles, shortestPiece);
  if (factors.pieces == 1) return gemmOf<Shape>(factors, sink, context);
  const int64_t size = factors.size();
  float* pieces = piecesOf(factors.pieces, size, context);
  return gemmOf<Shape>(factors, Store{{pieces}}, context) +
         sinkElements(size, factors.outputs, SumOfPieces{pieces, factors.pieces, size}, sink);
}

// dkernel of x and dy.
template <class Sink>
Kernel sinkConv2dKernelGradient(const Tensor& x, const Tensor& dy, const Attributes& attributes, const Sink& sink,
                                const Context& context) {
  const Conv2dTensors conv = conv2dTensorsOf(attributes, x, dy);
  if (conv.kernelRows() * conv.outputs == 0) return {};
  if (isThin(conv)) return thinKernelGradient(x, dy, conv, sink, context);
  const auto kind = ConvolutionRequest::Kind::KernelGradient;
  if (const auto library = libraryConvolution(kind, conv, x.floats(), dy.floats(), context)) {
    const ElementOfReordered element{library->kernel, conv.kernelRows(), conv.outputs};
    return toLibrary(x, *library) + library->launches +
           sinkElements(conv.kernelRows() * conv.outputs, conv.outputs, element, sink);
  }
  const Conv2dKernelGradientFactors factors(x, dy, conv);
  if (factors.planes.columns <= Narrow128::columns) return kernelGradientOf<Narrow128>(factors, sink, context);
  return kernelGradientOf<Wide>(factors, sink, context);
}

}  // namespace cuda_gan::cuda
