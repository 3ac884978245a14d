// Windows of a pooling over images [n, height, width, c]: all channels of a place lie side by side, so a window is gone through
// a vector of channels at a time, while the lines of the cache that its places lie in are at hand.
#pragma once
#include <vector>

#include "../../program/pool2d.h"
#include "columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The places of the input that a window has, in row-major order, as rows of the image.
struct Window {
  int64_t output;  // its place in the output
  std::vector<int64_t> places;
};

// A kernel that calls body(image, window, columns) for every window and vector of channels; prepare(image) before an image.
template <typename Prepare, typename Body>
Kernel imageWindows(const Tensor& images, const Pool2d& pool, Prepare prepare, Body body) {
  const int64_t channels = images.shape[3];
  return {{images.shape[0], [=](int64_t image, int64_t end, const StepContext&) {
             Window window;
             for (; image < end; image++) {
               prepare(image);
               window.output = 0;
               for (int32_t oy = 0; oy < pool.vertical.output; oy++) {
                 for (int32_t ox = 0; ox < pool.horizontal.output; ox++, window.output++) {
                   const Span rows = pool.vertical.places(oy), columns = pool.horizontal.places(ox);
                   window.places.clear();
                   for (int64_t iy = rows.begin; iy < rows.end; iy++)
                     for (int64_t ix = columns.begin; ix < columns.end; ix++)
                       window.places.push_back(iy * pool.horizontal.input + ix);
                   for (int64_t first = 0; first < channels; first += lanes)
                     body(image, window, Columns{first, std::min<int64_t>(lanes, channels - first), channels});
                 }
               }
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
