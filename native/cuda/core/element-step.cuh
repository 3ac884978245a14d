// Ops on elements, as steps of a list that a kernel goes through: what lib/devices/fusions/steps.ts makes of them. Each computes
// what its op does by itself, to the same bits.
#pragma once
#include "activations.cuh"
#include "functions.cuh"

namespace cuda_gan::cuda {

struct ElementStep {
  enum Kind { Fill, Affine, Unary, Binary, Value, Slope, BinaryCrossentropy, BinaryCrossentropyGradient, Sum };
  static constexpr int mostOperands = 3;

  Kind kind;
  int count;                   // of its operands
  int operands[mostOperands];  // their places: those of what is handed in, then those of the steps
  int function;  // its number, of Unary and Binary
  float scale, offset;
  Activation activation;

  // Of a sum: of one element.
  __device__ float result(float a, float b, float c) const {
    switch (kind) {
      case Affine: return a * scale + offset;
      case Unary: return UnaryFunctions::result(function, a);
      case Binary: return BinaryFunctions::result(function, a, b);
      case Value: return activation.value(a);
      case Slope: return a * activation.slope(b);
      case BinaryCrossentropy: return softplus(a) - b * a;
      case BinaryCrossentropyGradient: return a * (sigmoid(b) - c);
      case Sum: return a;
      default: return offset;
    }
  }
};

inline ElementStep::Kind elementStepKind(const std::string& op) {
  static const std::unordered_map<std::string, ElementStep::Kind> kinds = {
      {"fill", ElementStep::Fill},
      {"affine", ElementStep::Affine},
      {"unary", ElementStep::Unary},
      {"binary", ElementStep::Binary},
      {"activation", ElementStep::Value},
      {"activationGradient", ElementStep::Slope},
      {"binaryCrossentropy", ElementStep::BinaryCrossentropy},
      {"binaryCrossentropyGradient", ElementStep::BinaryCrossentropyGradient},
      {"sum", ElementStep::Sum}};
  const auto found = kinds.find(op);
  if (found == kinds.end()) throw std::logic_error("there is no step for the op \"" + op + "\"");
  return found->second;
}

inline ElementStep elementStep(const Attributes& attributes) {
  ElementStep step{};
  step.kind = elementStepKind(attributes.text("op"));
  const std::vector<double>& operands = attributes.numbers("operands");
  if (operands.size() > ElementStep::mostOperands) throw std::logic_error("a step has too many operands");
  step.count = static_cast<int>(operands.size());
  for (size_t i = 0; i < operands.size(); i++) step.operands[i] = static_cast<int>(operands[i]);
  if (step.kind == ElementStep::Unary) step.function = UnaryFunctions::numberOf(attributes.text("kind"));
  if (step.kind == ElementStep::Binary) step.function = BinaryFunctions::numberOf(attributes.text("kind"));
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
