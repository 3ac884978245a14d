// What the places of a resized image are mixed of, the same on every native device.
#pragma once
#include <cstdint>

#include "program.h"
#include "span.h"

namespace cuda_gan {

// near · (1 - share) + far · share, of two places that may be the same.
struct Mix {
  int64_t near, far;
  float share;

  CUDA_GAN_EVERYWHERE float weightOf(int64_t place) const {
    return (place == near ? 1.0f - share : 0.0f) + (place == far ? share : 0.0f);
  }
};

struct ResizeAxis {
  int64_t input, output;
  bool nearest;

  // What place o of the result is made of. It lies at (o + ½) · input / output - ½.
  CUDA_GAN_EVERYWHERE Mix mixOf(int64_t o) const {
    const int64_t twice = 2 * output;
    if (nearest) {
      const int64_t place = (2 * o + 1) * input / twice;
      return {place, place, 0.0f};
    }
    const int64_t center = (2 * o + 1) * input - output;  // in parts of 1 / twice
    if (center < 0) return {0, 0, 0.0f};
    const int64_t left = center / twice;
    if (left >= input - 1) return {input - 1, input - 1, 0.0f};
    return {left, left + 1, static_cast<float>(center % twice) / static_cast<float>(twice)};
  }

  // The places of the result that place i is a part of, and perhaps a few more at the ends.
  CUDA_GAN_EVERYWHERE Span partOf(int64_t i) const {
    const int64_t begin = (i - 1) * output / input - 1, end = (i + 2) * output / input + 2;
    return {begin > 0 ? begin : 0, end < output ? end : output};
  }
};

struct Resize2d {
  ResizeAxis vertical, horizontal;
};

inline Resize2d resize2dOf(const Attributes& attributes) {
  const bool nearest = attributes.text("interpolation") == "nearest";
  const auto axis = [&](size_t i) {
    const auto at = [&](const char* name) { return static_cast<int64_t>(attributes.numbers(name)[i]); };
    return ResizeAxis{at("inputSize"), at("outputSize"), nearest};
  };
  return {axis(0), axis(1)};
}

}  // namespace cuda_gan
