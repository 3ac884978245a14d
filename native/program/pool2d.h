// Where the windows of a pooling lie, the same on every native device.
#pragma once
#include <cstdint>

#include "program.h"
#include "span.h"

namespace cuda_gan {

// Along one axis: the window of output place o begins at o · stride - padding.
struct PoolAxis {
  int32_t input, output, window, stride, padding;

  // The input places of a window that exist.
  CUDA_GAN_EVERYWHERE Span places(int32_t o) const {
    const int32_t begin = o * stride - padding, end = begin + window;
    return {begin > 0 ? begin : 0, end < input ? end : input};
  }
  // The output places whose windows cover input place i.
  CUDA_GAN_EVERYWHERE Span windowsOf(int32_t i) const {
    const int32_t reach = i + padding - window + 1, last = (i + padding) / stride + 1;
    const int32_t begin = reach > 0 ? (reach + stride - 1) / stride : 0;
    return {begin, last < output ? last : output};
  }
};

struct Pool2d {
  PoolAxis vertical, horizontal;

  int64_t inputPlaces() const { return int64_t{vertical.input} * horizontal.input; }
  int64_t outputPlaces() const { return int64_t{vertical.output} * horizontal.output; }
};

inline Pool2d pool2dOf(const Attributes& attributes) {
  const auto axis = [&](size_t i) {
    const auto at = [&](const char* name) { return static_cast<int32_t>(attributes.numbers(name)[i]); };
    return PoolAxis{at("inputSize"), at("outputSize"), at("windowSize"), at("strides"), at("padding")};
  };
  return {axis(0), axis(1)};
}

}  // namespace cuda_gan
