// The gradient of images of few channels.
#pragma once
#include "convolution.h"
#include "elementwise.h"
#include "gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Images of few channels leave most of a vector empty that holds the channels of a place.
inline bool hasFewInputs(const Convolution& convolution) {
  return convolution.groups() == 1 && convolution.geometry.horizontal.dilation == 1 && 2 * convolution.inputs < lanes;
}

// What the products of a block of images may take, which then are gathered from the cache.
constexpr int64_t fewProducts = (4 << 20) / sizeof(float);

// Adds up a line of x: the products of the lines of y that meet it, each with its line of the kernel, `width` floats from place to place.
// Place o of y reaches the `stride` places of x from o · stride - padding on, then as many that place o + 1 reaches too, and so on.
inline void gatherLine(const ConvAxis& axis, int64_t channels, const std::vector<const float*>& lines, int64_t width, float* x) {
  const int64_t piece = axis.stride * channels, ofKernel = axis.kernel * channels, end = axis.input * channels;
  for (int64_t q = 0, first = -axis.padding * channels; first < end; q++, first += piece) {
    for (int64_t j = 0; j < piece; j += lanes) {
      const int64_t wanted = std::min<int64_t>(lanes, piece - j);
      Vec sum{};
      for (int64_t o = q, tap = j; o >= 0 && tap < ofKernel; o--, tap += piece) {
        if (o >= axis.output) continue;
        // What is read beyond the wanted ones, the next piece writes over.
        const bool whole = ofKernel - tap >= wanted;
        for (const float* products : lines) {
          const float* from = products + o * width + tap;
          sum += whole ? load(from) : loadPartial(from, ofKernel - tap);
        }
      }
      const int64_t at = first + j;
      if (at >= 0 && at + lanes <= end) {
        store(x + at, sum);
      } else {
        float part[lanes];
        store(part, sum);
        for (int64_t i = std::max<int64_t>(0, -at); i < std::min(wanted, end - at); i++) x[at + i] = part[i];
      }
    }
  }
}

// dx for few channels: the products of all places of dy with the whole kernel, of which each line of x gathers those that
// belong to it; a block of images at a time.
template <typename End>
Kernel convolveBackToFew(const Convolution& convolution, const Tensor& dy, const Tensor& dx, const End& end, const Context& context) {
  const Conv2d& geometry = convolution.geometry;
  const ConvAxis vertical = geometry.vertical, horizontal = geometry.horizontal;
  const int64_t inputs = convolution.inputs, outputs = convolution.outputs;
  const int64_t width = geometry.kernelPlaces() * inputs, places = geometry.outputPlaces();
  const int64_t most = std::clamp<int64_t>(fewProducts / std::max<int64_t>(1, places * width), 1, std::max<int64_t>(1, convolution.images));
  float* products = context.floats(most * places * width + lanes);
  const MatrixView kernel{convolution.kernel, 1, outputs};
  const auto meetings = meetingsOf(vertical);
  const int64_t lineFloats = horizontal.input * inputs;
  auto [result, lineEnd] = end.ofLine(inputs, lineFloats, context);
  for (int64_t first = 0; first < convolution.images; first += most) {
    const int64_t images = std::min(most, convolution.images - first);
    const Matrix left{{dy.floats() + first * places * outputs, outputs, 1}};
    float* block = dx.floats() + first * geometry.inputPlaces() * inputs;
    const Phase gather{images * vertical.input, [=, end = lineEnd](int64_t line, int64_t lastLine, const StepContext&) {
      std::vector<const float*> lines;
      for (; line < lastLine; line++) {
        const int64_t image = line / vertical.input, iy = line % vertical.input;
        float* to = block + line * lineFloats;
        lines.clear();
        for (const auto& [oy, ky] : meetings[static_cast<size_t>(iy)])
          lines.push_back(products + (image * vertical.output + oy) * horizontal.output * width + ky * horizontal.kernel * inputs);
        gatherLine(horizontal, inputs, lines, width, to);
        int64_t i = 0;
        for (; i + lanes <= lineFloats; i += lanes) store(to + i, end(load(to + i), i, lanes, to + i));
        if (i < lineFloats) storePartial(to + i, lineFloats - i, end(loadPartial(to + i, lineFloats - i), i, lineFloats - i, to + i));
      }
    }};
    result = result + gemm({images * places, width, outputs}, left, kernel, context.threads, RowMajorSink{products, width}, Nothing{}) +
             Kernel{gather};
  }
  return result;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
