// Adam's update over a range of parameters, for the plain op and for the one fused with a weight gradient.
#pragma once
#include <cmath>

#include "../../program/program.h"
#include "vector.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct AdamState {
  float *p, *m, *v;
  const int32_t* t;
  const float* learningRate;
  double beta1, beta2;
  float epsilon;

  // `inputs` are p, m, v, gradient, t, learning rate.
  AdamState(const std::vector<Tensor>& inputs, const Instruction& op)
      : p(inputs[0].floats()), m(inputs[1].floats()), v(inputs[2].floats()), t(inputs[4].integers()),
        learningRate(inputs[5].floats()), beta1(op.number("beta1")), beta2(op.number("beta2")),
        epsilon(static_cast<float>(op.number("epsilon"))) {}

  // lr · √(1 - β2ᵗ) / (1 - β1ᵗ)
  float rate() const {
    return static_cast<float>(*learningRate * std::sqrt(1 - std::pow(beta2, *t)) / (1 - std::pow(beta1, *t)));
  }

  // Parameters [begin, end), whose gradients start at `gradient`.
  void update(int64_t begin, int64_t end, float rate, const float* gradient) const {
    const float b1 = static_cast<float>(beta1), b2 = static_cast<float>(beta2);
    const float c1 = static_cast<float>(1 - beta1), c2 = static_cast<float>(1 - beta2);
    const auto step = [&](Vec g, Vec& pi, Vec& mi, Vec& vi) {
      mi = mi * b1 + g * c1;
      vi = vi * b2 + g * g * c2;
      pi = pi - mi * rate / (sqrt(vi) + epsilon);
    };
    int64_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      Vec pi = load(p + i), mi = load(m + i), vi = load(v + i);
      step(load(gradient + (i - begin)), pi, mi, vi);
      store(p + i, pi);
      store(m + i, mi);
      store(v + i, vi);
    }
    if (i < end) {
      const int64_t count = end - i;
      Vec pi = loadPartial(p + i, count), mi = loadPartial(m + i, count), vi = loadPartial(v + i, count);
      step(loadPartial(gradient + (i - begin), count), pi, mi, vi);
      storePartial(p + i, count, pi);
      storePartial(m + i, count, mi);
      storePartial(v + i, count, vi);
    }
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
