// Adam's update of parameters, for the plain op and for the one fused with a matrix product.
#pragma once
#include <cmath>

#include "../../program/program.h"
#include "vector.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The place of the gradient among the inputs; in a fused op, of the first input of what makes the gradient.
constexpr size_t gradientInput = 3;

struct AdamState {
  float *p, *m, *v;
  const int32_t* t;
  const float* learningRate;
  double beta1, beta2;
  float epsilon;

  // The first inputs are p, m, v, the last ones t and the learning rate.
  AdamState(const Instruction& op, const Attributes& attributes)
      : p(op.inputs[0].floats()), m(op.inputs[1].floats()), v(op.inputs[2].floats()),
        t(op.inputs[op.inputs.size() - 2].integers()), learningRate(op.inputs.back().floats()),
        beta1(attributes.number("beta1")), beta2(attributes.number("beta2")),
        epsilon(static_cast<float>(attributes.number("epsilon"))) {}

  // lr · √(1 - β2ᵗ) / (1 - β1ᵗ)
  float rate() const {
    return static_cast<float>(*learningRate * std::sqrt(1 - std::pow(beta2, *t)) / (1 - std::pow(beta1, *t)));
  }
};

// One update of all parameters. The constants are vectors, so that a loop over parameters keeps them in registers.
struct AdamUpdate {
  float *p, *m, *v;
  Vec beta1, beta2, rest1, rest2, rate, epsilon;

  AdamUpdate(const AdamState& state, float rate)
      : p(state.p), m(state.m), v(state.v), beta1(splat(static_cast<float>(state.beta1))),
        beta2(splat(static_cast<float>(state.beta2))), rest1(splat(static_cast<float>(1 - state.beta1))),
        rest2(splat(static_cast<float>(1 - state.beta2))), rate(splat(rate)), epsilon(splat(state.epsilon)) {}

  // A vector of parameters from i on, with gradient g.
  void apply(int64_t i, Vec g) const {
    Vec pi = load(p + i), mi = load(m + i), vi = load(v + i);
    step(g, pi, mi, vi);
    store(p + i, pi);
    store(m + i, mi);
    store(v + i, vi);
  }

  // The same for the first `count` lanes.
  void applyPartial(int64_t i, int64_t count, Vec g) const {
    Vec pi = loadPartial(p + i, count), mi = loadPartial(m + i, count), vi = loadPartial(v + i, count);
    step(g, pi, mi, vi);
    storePartial(p + i, count, pi);
    storePartial(m + i, count, mi);
    storePartial(v + i, count, vi);
  }

 private:
  void step(Vec g, Vec& pi, Vec& mi, Vec& vi) const {
    mi = mi * beta1 + g * rest1;
    vi = vi * beta2 + g * g * rest2;
    pi = pi - mi * rate / (sqrt(vi) + epsilon);
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
