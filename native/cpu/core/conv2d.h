// The three convolutions, handed to what they end with: a bias and an activation, or Adam. Each is a product
// for every group of channels.
#pragma once
#include "convolution.h"
#include "few-inputs.h"
#include "gemm/adam.h"
#include "kernel-gradient.h"
#include "regions.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group: the product of the patches of x with the kernel.
template <typename End>
Kernel convolve(const Tensor& x, const Tensor& kernel, const Tensor& y, const Attributes& attributes,
                const End& end, const Context& context) {
  const Convolution convolution = convolutionOf(attributes, x, kernel.floats(), y);
  std::vector<std::vector<Correlation<MatrixView>>> groups;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const int64_t outputs = convolution.groupOutputs();
    groups.push_back({{convolution.kernelOf(group), convolution.patchesOfInput(x.floats(), group),
                       y.floats() + group * outputs, convolution.outputStrides(), outputs}});
  }
  return correlate(std::move(groups), end, context.threads);
}

// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group: for each phase of the strides the product of patches of dy with the part of the kernel that they meet.
template <typename End>
Kernel convolveBack(const Tensor& dy, const Tensor& kernel, const Tensor& dx, const Attributes& attributes,
                    const End& end, const Context& context) {
  const Convolution convolution = convolutionOf(attributes, dx, kernel.floats(), dy);
  if (hasFewInputs(convolution)) return convolveBackToFew(convolution, dy, dx, end, context);
  std::vector<std::vector<Correlation<KernelTaps>>> groups;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    groups.emplace_back();
    for (const Phase1d& rows : phasesOf(convolution.geometry.vertical)) {
      for (const Phase1d& columns : phasesOf(convolution.geometry.horizontal)) {
        groups.back().push_back({convolution.tapsOf(group, rows, columns),
                                 convolution.patchesOfOutput(dy.floats(), group, rows, columns),
                                 convolution.firstOfPhase(dx.floats(), group, rows, columns), convolution.phaseStrides(),
                                 convolution.groupInputs()});
      }
    }
  }
  return correlate(std::move(groups), end, context.threads);
}

// The tiles of a small kernel's gradient would be too few to share out. Up to so many, the sum over the images is cut into
// parts, a power of two so that threads get as many, each of so many places at least.
constexpr int64_t mostTilesInParts = 32, mostParts = 16, leastPlacesOfPart = 384;

inline int64_t partsOf(int64_t images, int64_t places) {
  int64_t parts = 1;
  while (2 * parts <= std::min({mostParts, images, places / leastPlacesOfPart})) parts *= 2;
  return parts;
}

// Sums over parts of the images, and the rows of dkernel that they come to. Empty where the tiles are enough.
template <typename Sink, typename Finish>
std::pair<Kernel, Kernel> gradientByParts(const KernelGradient<Sink, Finish>& gradient, const Context& context) {
  const Convolution& convolution = gradient.convolution;
  const int64_t outputs = convolution.groupOutputs(), panels = Panels(outputs).count();
  const int64_t places = convolution.images * convolution.geometry.outputPlaces();
  const int64_t parts = partsOf(convolution.images, places);
  const int64_t rows = convolution.geometry.kernelPlaces() * convolution.groupInputs(), size = rows * outputs;
  if (parts < 2 || gradient.strips.count * panels > mostTilesInParts) return {};
  float* sums = context.floats(parts * size);
  const int64_t xFloats = convolution.geometry.inputPlaces() * convolution.inputs;
  const int64_t dyFloats = convolution.geometry.outputPlaces() * convolution.outputs;
  const Phase multiply{parts, [=](int64_t begin, int64_t end, const StepContext& step) {
    for (int64_t part = begin; part < end; part++) {
      const Range images = partOf(convolution.images, part, parts);
      Convolution some = convolution;
      some.images = images.end - images.begin;
      const KernelGradient<RowMajorSink, Nothing> product(some, gradient.x + images.begin * xFloats,
                                                          gradient.dy + images.begin * dyFloats, {sums + part * size, outputs}, {});
      product.multiply({0, product.strips.count}, {0, panels}, step.scratch);
    }
  }};
  const Phase add{rows, [=](int64_t row, int64_t end, const StepContext&) {
    for (; row < end; row++) {
      float* to = gradient.sink.at(row);
      std::copy_n(sums + row * outputs, outputs, to);
      for (int64_t part = 1; part < parts; part++) {
        const float* more = sums + part * size + row * outputs;
        mapRange(0, outputs, to, [](Vec sum, Vec value) { return sum + value; }, to, more);
      }
      gradient.finish(gradient.sink, row, row + 1, 0, outputs);
    }
  }};
  return {{multiply}, {add}};
}

// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and those output places that meet x.
// Groups of few channels, and blocks that are too large, go by the product of the transposed patches of x with dy. `sinkOf(first)` and
// `finishOf(first)` are for the elements of dkernel [.., out] from that one on.
template <typename SinkOf, typename FinishOf>
Kernel convolveForKernel(const Convolution& convolution, const Tensor& x, const Tensor& dy, SinkOf sinkOf,
                         FinishOf finishOf, const Context& context) {
  const int64_t inputs = convolution.groupInputs(), outputs = convolution.groupOutputs(), groups = convolution.groups();
  Kernel products, sums;
  for (int64_t group = 0; group < groups; group++) {
    const int64_t column = group * outputs;
    const float *input = x.floats() + group * inputs, *gradients = dy.floats() + column;
    const KernelGradient gradient(convolution, input, gradients, sinkOf(column), finishOf(column));
    if ((inputs < tileRows && !gradient.byLine) || !gradient.fits()) {
      const Patches patches = convolution.patchesOfInput(x.floats(), group);
      products = products + gemm({patches.columns(), outputs, patches.rows()}, PatchColumns{patches},
                                 MatrixView{gradients, convolution.outputs, 1}, context.threads, sinkOf(column), finishOf(column));
      continue;
    }
    const auto [multiply, add] = gradientByParts(gradient, context);
    if (!multiply.empty()) {
      products = products + multiply;
      sums = sums + add;
      continue;
    }
    GemmPlan grid{};
    const int64_t panels = Panels(outputs).count();
    shareOut(grid, gradient.strips.count, Panels(outputs), gradient.factorCost(), static_cast<int>((context.threads + groups - 1) / groups));
    products.push_back({grid.rowBlocks * grid.columnBlocks, [=](int64_t begin, int64_t end, const StepContext& step) {
      for (int64_t task = begin; task < end; task++) {
        gradient.multiply(partOf(gradient.strips.count, task / grid.columnBlocks, grid.rowBlocks),
                          partOf(panels, task % grid.columnBlocks, grid.columnBlocks), step.scratch);
      }
    }});
  }
  return together(products) + together(sums);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
