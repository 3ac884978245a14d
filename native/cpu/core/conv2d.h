// The three convolutions, handed to what they end with: a bias and an activation, or Adam. Each is a product
// for every group of channels.
#pragma once
#include "convolution.h"
#include "elementwise.h"
#include "gemm/adam.h"
#include "kernel-gradient.h"
#include "regions.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group: the product of the patches of x with the kernel.
template <typename Activation>
Kernel convolve(const Tensor& x, const Tensor& kernel, const Tensor& y, const Attributes& attributes,
                const AddBias<Activation>& end, const Context& context) {
  const Convolution convolution = convolutionOf(attributes, x, kernel.floats(), y);
  std::vector<std::vector<Correlation<MatrixView>>> groups;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const int64_t outputs = convolution.groupOutputs();
    groups.push_back({{convolution.kernelOf(group), convolution.patchesOfInput(x.floats(), group),
                       y.floats() + group * outputs, convolution.outputStrides(), outputs}});
  }
  return correlate(std::move(groups), end, context.threads);
}

// Images of few channels leave most of a vector empty that holds the channels of a place.
inline bool hasFewInputs(const Convolution& convolution) { return convolution.groups() == 1 && 2 * convolution.inputs < lanes; }

// What the products of a block of images may take, which then are gathered from the cache.
constexpr int64_t fewProducts = (4 << 20) / sizeof(float);

// dx for few channels: the products of all places of dy with the whole kernel, of which each place of x gathers those that
// belong to it; a block of images at a time.
template <typename Activation>
Kernel convolveBackToFew(const Convolution& convolution, const Tensor& dy, const Tensor& dx, const AddBias<Activation>& end,
                         const Context& context) {
  const Conv2d& geometry = convolution.geometry;
  const ConvAxis vertical = geometry.vertical, horizontal = geometry.horizontal;
  const int64_t inputs = convolution.inputs, outputs = convolution.outputs;
  const int64_t width = geometry.kernelPlaces() * inputs, places = geometry.outputPlaces();
  const int64_t most = std::clamp<int64_t>(fewProducts / std::max<int64_t>(1, places * width), 1, std::max<int64_t>(1, convolution.images));
  float* products = context.floats(most * places * width);
  const MatrixView kernel{convolution.kernel, 1, outputs};
  const auto rowsAt = meetingsOf(vertical), columnsAt = meetingsOf(horizontal);
  Kernel result;
  for (int64_t first = 0; first < convolution.images; first += most) {
    const int64_t images = std::min(most, convolution.images - first);
    const Matrix left{{dy.floats() + first * places * outputs, outputs, 1}};
    float* block = dx.floats() + first * geometry.inputPlaces() * inputs;
    const Phase gather{images * vertical.input, [=](int64_t line, int64_t lastLine, const StepContext&) {
      for (; line < lastLine; line++) {
        const int64_t image = line / vertical.input, iy = line % vertical.input;
        for (int64_t ix = 0; ix < horizontal.input; ix++) {
          float* to = block + (line * horizontal.input + ix) * inputs;
          std::fill(to, to + inputs, 0.0f);
          for (const auto& [oy, ky] : rowsAt[static_cast<size_t>(iy)]) {
            const float* from = products + ((image * vertical.output + oy) * horizontal.output * width + ky * horizontal.kernel * inputs);
            for (const auto& [ox, kx] : columnsAt[static_cast<size_t>(ix)])
              for (int64_t c = 0; c < inputs; c++) to[c] += from[ox * width + kx * inputs + c];
          }
          storePartial(to, inputs, end(loadPartial(to, inputs), 0, inputs));
        }
      }
    }};
    result = result + gemm({images * places, width, outputs}, left, kernel, context.threads, RowMajorSink{products, width}, Nothing{}) +
             Kernel{gather};
  }
  return result;
}

// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group: for each phase of the strides the product of patches of dy with the part of the kernel that they meet.
template <typename Activation>
Kernel convolveBack(const Tensor& dy, const Tensor& kernel, const Tensor& dx, const Attributes& attributes,
                    const AddBias<Activation>& end, const Context& context) {
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

// Fewer channels than these would fill no tile.
constexpr int64_t fewestByTap = tileRows;

// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and those output places that meet x.
// With few channels of x it is computed as the product of the transposed patches of x with dy. `sinkOf(first)` and
// `finishOf(first)` are for the elements of dkernel [.., out] from that one on.
template <typename SinkOf, typename FinishOf>
Kernel convolveForKernel(const Convolution& convolution, const Tensor& x, const Tensor& dy, SinkOf sinkOf,
                         FinishOf finishOf, const Context& context) {
  const int64_t inputs = convolution.groupInputs(), outputs = convolution.groupOutputs(), groups = convolution.groups();
  Kernel products;
  for (int64_t group = 0; group < groups; group++) {
    const int64_t column = group * outputs;
    const float *input = x.floats() + group * inputs, *gradients = dy.floats() + column;
    const KernelGradient gradient(convolution, input, gradients, sinkOf(column), finishOf(column));
    if (inputs < fewestByTap || !gradient.fits()) {
      const Patches patches = convolution.patchesOfInput(x.floats(), group);
      products = products + gemm({patches.columns(), outputs, patches.rows()}, PatchColumns{patches},
                                 MatrixView{gradients, convolution.outputs, 1}, context.threads, sinkOf(column), finishOf(column));
      continue;
    }
    GemmPlan grid{};
    const int64_t panels = panelsOf(outputs);
    shareOut(grid, gradient.strips.count, panels, static_cast<int>((context.threads + groups - 1) / groups));
    products.push_back({grid.rowBlocks * grid.columnBlocks, [=](int64_t begin, int64_t end, const StepContext& step) {
      for (int64_t task = begin; task < end; task++) {
        gradient.multiply(partOf(gradient.strips.count, task / grid.columnBlocks, grid.rowBlocks),
                          partOf(panels, task % grid.columnBlocks, grid.columnBlocks), step.scratch);
      }
    }});
  }
  return together(products);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
