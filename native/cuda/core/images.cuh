// Loops over the elements of images [n, height, width, channels].
#pragma once
#include "divisor.cuh"
#include "elementwise.cuh"

namespace cuda_gan::cuda {

// Where an element lies.
struct ImagePlace {
  int32_t image, row, column, channel;
};

struct ImageShape {
  Divisor height, width, channels;

  // Of the element of that index.
  __device__ ImagePlace place(int64_t index) const {
    const auto pixel = channels.divide(static_cast<uint32_t>(index)), line = width.divide(pixel.quotient);
    const auto image = height.divide(line.quotient);
    return {static_cast<int32_t>(image.quotient), static_cast<int32_t>(image.remainder),
            static_cast<int32_t>(line.remainder), static_cast<int32_t>(pixel.remainder)};
  }
  __device__ int64_t index(int64_t image, int64_t row, int64_t column, int64_t channel) const {
    return ((image * height.divisor + row) * width.divisor + column) * channels.divisor + channel;
  }
};

// Of [n, height, width, channels]. Indices are divided as 32-bit numbers.
inline ImageShape imageShapeOf(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (const int64_t length : shape) size *= length;
  if (size > INT32_MAX) throw std::runtime_error("images are too large for the cuda device");
  const auto divisor = [&](size_t axis) { return Divisor(static_cast<uint32_t>(shape[axis] > 0 ? shape[axis] : 1)); };
  return {divisor(1), divisor(2), divisor(3)};
}

inline ImageShape imageShapeOf(const Tensor& images) { return imageShapeOf(images.shape); }

}  // namespace cuda_gan::cuda
