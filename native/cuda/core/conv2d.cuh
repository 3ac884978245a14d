// What the kernels of convolution share.
#pragma once
#include "../../program/conv2d.h"
#include "images.cuh"

namespace cuda_gan::cuda {

// A convolution of x [n, height, width, in] to y [n, height, width, out] and where their elements lie.
struct ConvolvedImages {
  ConvAxis vertical, horizontal;
  int64_t groups, inputs, outputs;

  __device__ int64_t groupInputs() const { return inputs / groups; }
  __device__ int64_t groupOutputs() const { return outputs / groups; }
  __device__ ImagePlace inputPlace(int64_t index) const { return {index, vertical.input, horizontal.input, inputs}; }
  __device__ ImagePlace outputPlace(int64_t index) const { return {index, vertical.output, horizontal.output, outputs}; }
  __device__ int64_t inputIndex(int64_t image, int64_t row, int64_t column, int64_t channel) const {
    return imageIndex(image, row, column, channel, vertical.input, horizontal.input, inputs);
  }
  __device__ int64_t outputIndex(int64_t image, int64_t row, int64_t column, int64_t channel) const {
    return imageIndex(image, row, column, channel, vertical.output, horizontal.output, outputs);
  }
  __device__ int64_t kernelIndex(int64_t row, int64_t column, int64_t input, int64_t output) const {
    return ((row * horizontal.kernel + column) * groupInputs() + input) * outputs + output;
  }
};

inline ConvolvedImages convolvedImagesOf(const Attributes& attributes, int64_t inputs, int64_t outputs) {
  const auto [vertical, horizontal, groups] = conv2dOf(attributes);
  return {vertical, horizontal, groups, inputs, outputs};
}

}  // namespace cuda_gan::cuda
