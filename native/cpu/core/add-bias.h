// What a convolution ends with: f(sum + bias).
#pragma once
#include "activations.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Without a bias where that is null.
template <typename Activation>
struct AddBias {
  const float* bias;
  Activation f;

  AddBias from(int64_t channel) const { return {bias == nullptr ? nullptr : bias + channel, f}; }

  Vec operator()(Vec sum, int64_t channel, int64_t count) const {
    if (bias == nullptr) return f.value(sum);
    return f.value(sum + (count == lanes ? load(bias + channel) : loadPartial(bias + channel, count)));
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
