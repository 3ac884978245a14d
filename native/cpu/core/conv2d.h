// The three convolutions, handed to what they end with: nothing, a bias and an activation, or Adam. Each is a product for
// every group of channels.
#pragma once
#include "activations.h"
#include "convolution.h"
#include "elementwise.h"
#include "gemm/adam.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// What a convolution ends with is called on the complete channels [channel, channel + count) of a place, while they are in
// the cache.
struct Leave {
  void operator()(float*, int64_t, int64_t) const {}
};

template <typename Activation>
struct AddBias {
  const float* bias;
  Activation f;

  void operator()(float* y, int64_t channel, int64_t count) const {
    const auto f = this->f;
    mapRange(0, count, y, [f](Vec sum, Vec b) { return f.value(sum + b); }, y, bias + channel);
  }
};

template <typename End>
auto onPlaces(int64_t firstChannel, End end) {
  return [=](const auto& tiles, int64_t row, int64_t rowEnd, int64_t column, int64_t columnEnd) {
    for (; row < rowEnd; row++) end(tiles.at(row) + column, firstChannel + column, columnEnd - column);
  };
}

// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group: the product of the patches of x with the kernel.
template <typename End>
Kernel convolve(const Tensor& x, const Tensor& kernel, const Tensor& y, const Attributes& attributes, End end,
                const Context& context) {
  const Convolution convolution = convolutionOf(attributes, x, kernel.floats(), y);
  Kernel result;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const int64_t firstOutput = group * convolution.groupOutputs();
    const Patches patches = convolution.patchesOfInput(x.floats(), group);
    const RowMajorSink sink{y.floats() + firstOutput, convolution.outputs};
    const GemmShape shape{patches.rows(), convolution.groupOutputs(), patches.columns()};
    result = result + gemm(shape, PatchRows{patches}, convolution.kernelOf(group), context.threads, sink,
                           onPlaces(firstOutput, end));
  }
  return result;
}

// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group: for each phase of the strides the product of patches of dy with the part of the kernel that they meet.
template <typename End>
Kernel convolveBack(const Tensor& dy, const Tensor& kernel, const Tensor& dx, const Attributes& attributes, End end,
                    const Context& context) {
  const Convolution convolution = convolutionOf(attributes, dx, kernel.floats(), dy);
  Kernel result;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    for (const Phase1d& rows : phasesOf(convolution.geometry.vertical)) {
      for (const Phase1d& columns : phasesOf(convolution.geometry.horizontal)) {
        const Patches patches = convolution.patchesOfOutput(dy.floats(), group, rows, columns);
        const PhaseSink sink = convolution.sinkOfPhase(dx.floats(), group, rows, columns);
        const GemmShape shape{patches.rows(), convolution.groupInputs(), patches.columns()};
        result = result + gemm(shape, PatchRows{patches}, convolution.tapsOf(group, rows, columns), context.threads, sink,
                               onPlaces(group * convolution.groupInputs(), end));
      }
    }
  }
  return result;
}

// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and output places: the product of the
// transposed patches of x with dy. `sinkOf(column)` and `finishOf(column)` are for the columns of dkernel [.., out] from that
// one on.
template <typename SinkOf, typename FinishOf>
Kernel convolveForKernel(const Convolution& convolution, const Tensor& x, const Tensor& dy, SinkOf sinkOf,
                         FinishOf finishOf, const Context& context) {
  Kernel result;
  for (int64_t group = 0; group < convolution.groups(); group++) {
    const int64_t column = group * convolution.groupOutputs();
    const Patches patches = convolution.patchesOfInput(x.floats(), group);
    const MatrixView gradients{dy.floats() + column, convolution.outputs, 1};
    const GemmShape shape{patches.columns(), convolution.groupOutputs(), patches.rows()};
    result = result + gemm(shape, PatchColumns{patches}, gradients, context.threads, sinkOf(column), finishOf(column));
  }
  return result;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
