// Loops over the elements of images [n, height, width, c].
#pragma once
#include "elementwise.cuh"

namespace cuda_gan::cuda {

// Where element `index` lies.
struct ImagePlace {
  int64_t image, row, column, channel;

  __device__ ImagePlace(int64_t index, int64_t height, int64_t width, int64_t channels) {
    channel = index % channels;
    column = index / channels % width;
    row = index / channels / width % height;
    image = index / channels / width / height;
  }
};

// The index of an element.
__device__ inline int64_t imageIndex(int64_t image, int64_t row, int64_t column, int64_t channel, int64_t height,
                                     int64_t width, int64_t channels) {
  return ((image * height + row) * width + column) * channels + channel;
}

}  // namespace cuda_gan::cuda
