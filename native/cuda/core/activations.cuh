// The table of activation functions f(x), and their derivatives by y = f(x).
#pragma once
#include <stdexcept>

#include "launch.cuh"

namespace cuda_gan::cuda {

// ln(1 + eˣ), without overflow.
__device__ inline float softplus(float x) { return fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))); }

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

struct Activation {
  enum Kind { Linear, LeakyRelu, Elu, Tanh, Sigmoid, Softplus };
  Kind kind;
  float alpha;

  __device__ float value(float x) const {
    if (isStraight()) return x > 0 || kind == Linear ? x : x * alpha;
    return curve(kind, alpha, x);
  }

  __device__ float slope(float y) const {
    if (isStraight()) return y > 0 || kind == Linear ? 1.0f : alpha;
    return slopeOfCurve(kind, alpha, y);
  }

 private:
  __device__ bool isStraight() const { return kind <= LeakyRelu; }

  // Called: copied into every unrolled loop, they made kernels of up to 130 KB, more than the GPU's caches of code hold.
  __device__ __noinline__ static float curve(Kind kind, float alpha, float x) {
    switch (kind) {
      case Elu: return x > 0 ? x : expm1f(x) * alpha;
      case Tanh: return tanhf(x);
      case Sigmoid: return sigmoid(x);
      default: return softplus(x);
    }
  }
  __device__ __noinline__ static float slopeOfCurve(Kind kind, float alpha, float y) {
    switch (kind) {
      case Elu: return y > 0 ? 1.0f : y + alpha;
      case Tanh: return 1.0f - y * y;
      case Sigmoid: return y * (1.0f - y);
      default: return -expm1f(-y);
    }
  }
};

// The activation that the attributes `kind` and `alpha` name.
inline Activation activationOf(const Attributes& attributes) {
  static const std::unordered_map<std::string, Activation::Kind> kinds = {
      {"linear", Activation::Linear}, {"leakyRelu", Activation::LeakyRelu}, {"elu", Activation::Elu},
      {"tanh", Activation::Tanh},     {"sigmoid", Activation::Sigmoid},     {"softplus", Activation::Softplus}};
  const auto found = kinds.find(attributes.text("kind"));
  if (found == kinds.end()) throw std::logic_error("unknown activation \"" + attributes.text("kind") + "\"");
  return {found->second, static_cast<float>(attributes.number("alpha"))};
}

}  // namespace cuda_gan::cuda
