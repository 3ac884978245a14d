// Where the windows of a convolution lie, the same on every native device.
#pragma once
#include <cstdint>

#include "everywhere.h"
#include "program.h"

namespace cuda_gan {

// Along one axis, output place o and kernel place k meet input place o · stride - padding + k · dilation.
struct ConvAxis {
  int64_t input, output, kernel, stride, dilation, padding;

  CUDA_GAN_EVERYWHERE int64_t inputPlace(int64_t o, int64_t k) const { return o * stride - padding + k * dilation; }
  CUDA_GAN_EVERYWHERE bool hasInput(int64_t i) const { return i >= 0 && i < input; }
  // The output place that meets input place i at kernel place k; -1 where there is none.
  CUDA_GAN_EVERYWHERE int64_t outputPlace(int64_t i, int64_t k) const {
    const int64_t at = i + padding - k * dilation;
    return at >= 0 && at % stride == 0 && at / stride < output ? at / stride : -1;
  }
};

struct Conv2d {
  ConvAxis vertical, horizontal;
  int64_t groups;

  int64_t inputPlaces() const { return vertical.input * horizontal.input; }
  int64_t outputPlaces() const { return vertical.output * horizontal.output; }
  int64_t kernelPlaces() const { return vertical.kernel * horizontal.kernel; }
};

inline Conv2d conv2dOf(const Attributes& attributes) {
  const auto axis = [&](size_t i) {
    const auto at = [&](const char* name) { return static_cast<int64_t>(attributes.numbers(name)[i]); };
    return ConvAxis{at("inputSize"), at("outputSize"), at("kernelSize"), at("strides"), at("dilations"), at("padding")};
  };
  return {axis(0), axis(1), static_cast<int64_t>(attributes.number("groups"))};
}

}  // namespace cuda_gan
