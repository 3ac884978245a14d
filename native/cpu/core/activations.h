// The table of activation functions f(x), and their derivatives by y = f(x).
#pragma once
#include <stdexcept>
#include <string>

#include "../../program/program.h"
#include "math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct Linear {
  Vec value(Vec x) const { return x; }
  Vec slope(Vec) const { return splat(1.0f); }
};
struct LeakyRelu {
  float alpha;
  Vec value(Vec x) const { return select(x > 0, x, x * alpha); }
  Vec slope(Vec y) const { return select(y > 0, splat(1.0f), splat(alpha)); }
};
struct Elu {
  float alpha;
  Vec value(Vec x) const { return select(x > 0, x, expm1(x) * alpha); }
  Vec slope(Vec y) const { return select(y > 0, splat(1.0f), y + alpha); }
};
struct Tanh {
  Vec value(Vec x) const { return tanh(x); }
  Vec slope(Vec y) const { return 1.0f - y * y; }
};
struct Sigmoid {
  Vec value(Vec x) const { return sigmoid(x); }
  Vec slope(Vec y) const { return y * (1.0f - y); }
};
struct Softplus {
  Vec value(Vec x) const { return softplus(x); }
  Vec slope(Vec y) const { return -expm1(-y); }
};

// Calls body with the activation that the attributes `kind` and `alpha` name.
template <typename Body>
auto withActivation(const Attributes& attributes, Body body) {
  const std::string& kind = attributes.text("kind");
  const float alpha = static_cast<float>(attributes.number("alpha"));
  if (kind == "linear") return body(Linear{});
  if (kind == "leakyRelu") return body(LeakyRelu{alpha});
  if (kind == "elu") return body(Elu{alpha});
  if (kind == "tanh") return body(Tanh{});
  if (kind == "sigmoid") return body(Sigmoid{});
  if (kind == "softplus") return body(Softplus{});
  throw std::logic_error("unknown activation \"" + kind + "\"");
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
