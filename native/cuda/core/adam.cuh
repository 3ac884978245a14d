// Adam's update of one parameter, for the plain op and for the one fused with a matrix product.
#pragma once
#include <cmath>

#include "launch.cuh"

namespace cuda_gan::cuda {

// The place of the gradient among the inputs; in a fused op, of the first input of what makes the gradient.
constexpr size_t gradientInput = 3;

struct Adam {
  float *p, *m, *v;
  const int32_t* t;
  const float* learningRate;
  float beta1, beta2, rest1, rest2, logBeta1, logBeta2, epsilon;

  // lr · √(1 - β2ᵗ) / (1 - β1ᵗ)
  __device__ float rate() const { return *learningRate * correction(static_cast<float>(*t), logBeta1, logBeta2); }

  // By way of 1 - βᵗ = -(e^(t ln β) - 1), which loses nothing for β near 1. Called, since it is long.
  __device__ __noinline__ static float correction(float t, float logBeta1, float logBeta2) {
    return sqrtf(-expm1f(t * logBeta2)) / -expm1f(t * logBeta1);
  }

  // One parameter and its moments, by its gradient g.
  __device__ void step(float& pi, float& mi, float& vi, float g, float rate) const {
    mi = mi * beta1 + g * rest1;
    vi = vi * beta2 + g * g * rest2;
    pi -= mi * rate / (sqrtf(vi) + epsilon);
  }

  // Parameters `at` of their places, with gradients g: all are read before any is written, to have many reads under way.
  template <int count>
  __device__ void update(const int64_t (&at)[count], const float (&g)[count], const bool (&inside)[count], float rate) const {
    float pi[count], mi[count], vi[count];
#pragma unroll
    for (int i = 0; i < count; i++) {
      if (!inside[i]) continue;
      pi[i] = p[at[i]];
      mi[i] = m[at[i]];
      vi[i] = v[at[i]];
    }
#pragma unroll
    for (int i = 0; i < count; i++) {
      if (!inside[i]) continue;
      step(pi[i], mi[i], vi[i], g[i], rate);
      p[at[i]] = pi[i];
      m[at[i]] = mi[i];
      v[at[i]] = vi[i];
    }
  }
};

// The first inputs are p, m, v, the last ones t and the learning rate.
inline Adam adamOf(const Instruction& op, const Attributes& attributes) {
  const double beta1 = attributes.number("beta1"), beta2 = attributes.number("beta2");
  const auto single = [](double value) { return static_cast<float>(value); };
  return {op.inputs[0].floats(), op.inputs[1].floats(), op.inputs[2].floats(),
          op.inputs[op.inputs.size() - 2].integers(), op.inputs.back().floats(),
          single(beta1), single(beta2), single(1 - beta1), single(1 - beta2),
          single(std::log(beta1)), single(std::log(beta2)), single(attributes.number("epsilon"))};
}

}  // namespace cuda_gan::cuda
