// Ops on elements, as steps of a list that a kernel goes through: what lib/devices/fusions/steps.ts makes of them. Each computes
// what its op does by itself, to the same bits.
#pragma once
#include "activations.cuh"

namespace cuda_gan::cuda {

struct ElementStep {
  enum Kind {
    Fill, Affine, Value, Slope, BinaryCrossentropy, BinaryCrossentropyGradient, Sum,
    Add, Subtract, Multiply, Divide, Maximum, Minimum, Greater, Equal,
    Abs, Cos, Erf, Exp, Floor, Log, Sign, Sin, Sqrt
  };
  static constexpr int mostOperands = 3;

  Kind kind;
  int count;                   // of its operands
  int operands[mostOperands];  // their places: those of what is handed in, then those of the steps
  float scale, offset;
  Activation activation;

  // Of a sum: of one element.
  __device__ float result(float a, float b, float c) const {
    switch (kind) {
      case Affine: return a * scale + offset;
      case Value: return activation.value(a);
      case Slope: return a * activation.slope(b);
      case BinaryCrossentropy: return softplus(a) - b * a;
      case BinaryCrossentropyGradient: return a * (sigmoid(b) - c);
      case Sum: return a;
      case Add: return a + b;
      case Subtract: return a - b;
      case Multiply: return a * b;
      case Divide: return a / b;
      case Maximum: return a > b || a != a ? a : b;
      case Minimum: return a < b || a != a ? a : b;
      case Greater: return a > b ? 1.0f : 0.0f;
      case Equal: return a == b ? 1.0f : 0.0f;
      case Abs: return fabsf(a);
      case Cos: return cosf(a);
      case Erf: return erff(a);
      case Exp: return expf(a);
      case Floor: return floorf(a);
      case Log: return logf(a);
      case Sign: return a > 0 ? 1.0f : a < 0 ? -1.0f : a;
      case Sin: return sinf(a);
      case Sqrt: return sqrtf(a);
      default: return offset;
    }
  }
};

inline ElementStep::Kind elementStepKind(const std::string& op, const Attributes& attributes) {
  using Kinds = std::unordered_map<std::string, ElementStep::Kind>;
  static const Kinds ops = {{"fill", ElementStep::Fill},
                            {"affine", ElementStep::Affine},
                            {"activation", ElementStep::Value},
                            {"activationGradient", ElementStep::Slope},
                            {"binaryCrossentropy", ElementStep::BinaryCrossentropy},
                            {"binaryCrossentropyGradient", ElementStep::BinaryCrossentropyGradient},
                            {"sum", ElementStep::Sum}};
  static const Kinds functions = {
      {"add", ElementStep::Add},         {"subtract", ElementStep::Subtract}, {"multiply", ElementStep::Multiply},
      {"divide", ElementStep::Divide},   {"maximum", ElementStep::Maximum},   {"minimum", ElementStep::Minimum},
      {"greater", ElementStep::Greater}, {"equal", ElementStep::Equal},       {"abs", ElementStep::Abs},
      {"cos", ElementStep::Cos},         {"erf", ElementStep::Erf},           {"exp", ElementStep::Exp},
      {"floor", ElementStep::Floor},     {"log", ElementStep::Log},           {"sign", ElementStep::Sign},
      {"sin", ElementStep::Sin},         {"sqrt", ElementStep::Sqrt}};
  const bool isFunction = op == "binary" || op == "unary";
  const Kinds& kinds = isFunction ? functions : ops;
  const auto found = kinds.find(isFunction ? attributes.text("kind") : op);
  if (found == kinds.end()) throw std::logic_error("there is no step for the op \"" + op + "\"");
  return found->second;
}

inline ElementStep elementStep(const Attributes& attributes) {
  ElementStep step{};
  step.kind = elementStepKind(attributes.text("op"), attributes);
  const std::vector<double>& operands = attributes.numbers("operands");
  if (operands.size() > ElementStep::mostOperands) throw std::logic_error("a step has too many operands");
  step.count = static_cast<int>(operands.size());
  for (size_t i = 0; i < operands.size(); i++) step.operands[i] = static_cast<int>(operands[i]);
  if (step.kind == ElementStep::Fill) step.offset = static_cast<float>(attributes.number("value"));
  if (step.kind == ElementStep::Affine) {
    step.scale = static_cast<float>(attributes.number("scale"));
    step.offset = static_cast<float>(attributes.number("offset"));
  }
  if (step.kind == ElementStep::Value || step.kind == ElementStep::Slope) step.activation = activationOf(attributes);
  return step;
}

// The attributes of each step of a list.
inline std::vector<Attributes> attributesOfSteps(const Instruction& op, int most) {
  const auto count = static_cast<int>(op.number("steps"));
  if (count > most) throw std::logic_error("too many steps");
  std::vector<Attributes> steps;
  for (int i = 0; i < count; i++) steps.push_back(op.attributes.part("step" + std::to_string(i)));
  return steps;
}

}  // namespace cuda_gan::cuda
