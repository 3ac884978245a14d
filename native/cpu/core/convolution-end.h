// What a convolution ends with: a bias, or a normalisation by given means and variances, and an activation; or the slope of one.
#pragma once
#include "activations.h"
#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// f((sum - mean) · scale + offset), each by channel.
template <typename Activation>
struct ConvolutionEnd {
  const float *mean, *scale;  // null where nothing is normalised
  const float* offset;        // null where nothing is added
  Activation f;

  // Of the channels from that one on.
  ConvolutionEnd from(int64_t channel) const {
    const auto shifted = [&](const float* values) { return values == nullptr ? nullptr : values + channel; };
    return {shifted(mean), shifted(scale), shifted(offset), f};
  }

  // Of `count` neighbouring channels, on their way to memory.
  Vec operator()(Vec sum, int64_t channel, int64_t count, const float*) const {
    const auto of = [&](const float* values) { return count == lanes ? load(values + channel) : loadPartial(values + channel, count); };
    if (scale == nullptr) return f.value(offset == nullptr ? sum : sum + of(offset));
    // All loaded first: GCC makes one instruction of a product and a sum, as `normalize` has it, only where no branch lies between.
    const Vec means = of(mean), scales = of(scale), offsets = of(offset);
    return f.value((sum - means) * scales + offsets);
  }

  // For a line of `length` floats, place by place so many channels: the end that takes places in the line for channels, and what must
  // run before it.
  std::pair<Kernel, ConvolutionEnd> ofLine(int64_t channels, int64_t length, const Context& context) const {
    Kernel before;
    const auto repeated = [&](const float* values) -> const float* {
      if (values == nullptr) return nullptr;
      float* line = context.floats(length);
      before.push_back({1, [=](int64_t, int64_t, const StepContext&) {
        for (int64_t i = 0; i < length; i++) line[i] = i < channels ? values[i] : line[i - channels];
      }});
      return line;
    };
    const ConvolutionEnd end{repeated(mean), repeated(scale), repeated(offset), f};
    return {together(before), end};
  }
};

// sum · f'(y), of an activation's y, which is laid out as the result that begins at `result`. By a pointer: to have code of its own for
// each activation is not worth it here.
struct SlopeEnd {
  const float *y, *result;
  float alpha;
  Vec (*slope)(Vec y, float alpha);

  SlopeEnd from(int64_t) const { return *this; }

  Vec operator()(Vec sum, int64_t, int64_t count, const float* to) const {
    const float* at = y + (to - result);
    return sum * slope(count == lanes ? load(at) : loadPartial(at, count), alpha);
  }

  std::pair<Kernel, SlopeEnd> ofLine(int64_t, int64_t, const Context&) const { return {{}, *this}; }
};

template <typename Activation>
Vec slopeOf(Vec y, float alpha) {
  if constexpr (std::is_empty_v<Activation>) {
    return Activation{}.slope(y);
  } else {
    return Activation{alpha}.slope(y);
  }
}

// Calls `convolve` with the end of a fused convolution, whose inputs from the third on are a bias, or gamma, beta, mean and variance.
template <typename Convolve>
Kernel withEnd(const Instruction& op, const Context& context, Convolve convolve) {
  return withActivation(op.attributes.part("activation"), [&](auto f) {
    const auto in = [&](size_t i) { return op.inputs[i].floats(); };
    ConvolutionEnd<decltype(f)> end{nullptr, nullptr, in(2), f};
    if (op.inputs.size() == 3) return convolve(end);
    const float *gammas = in(2), *variances = in(5), epsilon = static_cast<float>(op.attributes.part("normalize").number("epsilon"));
    const int64_t channels = op.inputs[2].size();
    float* scales = context.floats(channels);
    const Kernel scale = blocks(channels, [=](int64_t begin, int64_t last) {
      mapRange(begin, last, scales, [=](Vec gamma, Vec variance) { return gamma / sqrt(variance + epsilon); }, gammas, variances);
    });
    end = {in(4), scales, in(3), f};
    return scale + convolve(end);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
