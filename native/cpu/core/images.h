// Loops over images [n, height, width, c]: a task is a vector of channels of one image.
#pragma once
#include "columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Channels of one image, whose places are rows of a matrix.
struct ImageChannels {
  Columns channels;
  int64_t image;

  // The same channels at the first place of this image in another tensor, of so many places an image.
  const float* of(const float* images, int64_t places) const { return images + image * places * channels.stride; }
  float* of(float* images, int64_t places) const { return images + image * places * channels.stride; }
};

template <typename Body>
Kernel imageChannels(const Tensor& images, Body body) {
  const int64_t count = images.shape[0], channels = images.shape[3];
  const int64_t vectors = (channels + lanes - 1) / lanes;
  return {{count * vectors, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t task = begin; task < end; task++) {
               const int64_t first = task % vectors * lanes;
               body(ImageChannels{{first, std::min<int64_t>(lanes, channels - first), channels}, task / vectors});
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
