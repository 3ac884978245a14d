// The head of a discriminator and the gradient of what a loss makes of it, row by row:
// z = x · kernel + bias, g = a function of z, dx = g · kernelᵀ · f'(x); x [n, in], kernel [in, 1], bias [1].
// The function is a short list of steps, which lib/devices/fusions/dense-loss-gradient.ts makes of the loss. Products, sums
// and steps are those of the single ops, in their order.
#include "core/activations.cuh"
#include "core/thin-product.cuh"

namespace cuda_gan::cuda {

namespace {

struct LogitStep {
  enum Kind { Fill, Affine, Add, Subtract, Multiply, Divide, Maximum, Minimum, Greater, Equal, Value, Slope, BinaryCrossentropy };
  Kind kind;
  int operands[3];  // places of values: 0 is the logit, i + 1 what step i makes
  float scale, offset;
  Activation activation;

  __device__ float result(const float* values) const {
    const float a = values[operands[0]], b = values[operands[1]], c = values[operands[2]];
    switch (kind) {
      case Affine: return a * scale + offset;
      case Add: return a + b;
      case Subtract: return a - b;
      case Multiply: return a * b;
      case Divide: return a / b;
      case Maximum: return a > b || a != a ? a : b;
      case Minimum: return a < b || a != a ? a : b;
      case Greater: return a > b ? 1.0f : 0.0f;
      case Equal: return a == b ? 1.0f : 0.0f;
      case Value: return activation.value(a);
      case Slope: return a * activation.slope(b);
      case BinaryCrossentropy: return a * (sigmoid(b) - c);
      default: return offset;
    }
  }
};

LogitStep::Kind kindOf(const std::string& op, const Attributes& attributes) {
  static const std::unordered_map<std::string, LogitStep::Kind> kinds = {
      {"fill", LogitStep::Fill},
      {"affine", LogitStep::Affine},
      {"activation", LogitStep::Value},
      {"activationGradient", LogitStep::Slope},
      {"binaryCrossentropyGradient", LogitStep::BinaryCrossentropy}};
  static const std::unordered_map<std::string, LogitStep::Kind> binaryKinds = {
      {"add", LogitStep::Add},         {"subtract", LogitStep::Subtract}, {"multiply", LogitStep::Multiply},
      {"divide", LogitStep::Divide},   {"maximum", LogitStep::Maximum},   {"minimum", LogitStep::Minimum},
      {"greater", LogitStep::Greater}, {"equal", LogitStep::Equal}};
  const auto& table = op == "binary" ? binaryKinds : kinds;
  const auto found = table.find(op == "binary" ? attributes.text("kind") : op);
  if (found == table.end()) throw std::logic_error("denseLossGradient: unknown step \"" + op + "\"");
  return found->second;
}

LogitStep logitStep(const Attributes& attributes) {
  LogitStep step{};
  step.kind = kindOf(attributes.text("op"), attributes);
  const std::vector<double>& operands = attributes.numbers("operands");
  for (size_t i = 0; i < operands.size(); i++) step.operands[i] = static_cast<int>(operands[i]);
  if (step.kind == LogitStep::Fill) step.offset = static_cast<float>(attributes.number("value"));
  if (step.kind == LogitStep::Affine) {
    step.scale = static_cast<float>(attributes.number("scale"));
    step.offset = static_cast<float>(attributes.number("offset"));
  }
  if (step.kind == LogitStep::Value || step.kind == LogitStep::Slope) step.activation = activationOf(attributes);
  return step;
}

// Takes the products of rows with the kernel. As many threads as there are for a row compute its gradient, each for itself.
struct LossGradient {
  static constexpr int mostSteps = 12;
  LogitStep steps[mostSteps];
  int count;
  const float *x, *kernel, *bias;
  int64_t depth;
  Activation activation;
  float *logits, *gradients, *dx;

  template <class Shape, class Tile>
  __device__ void put(const float* sums, const Tile& tile) const {
    constexpr int threadsPerRow = Shape::threads / Shape::rows;
    const int row = threadIdx.x / threadsPerRow, first = threadIdx.x % threadsPerRow;
    const Place place = tile.place(row, 0);
    if (!place.inside) return;
    const float logit = sums[row * Shape::columns] + bias[0];
    const float gradient = gradientOf(logit);
    if (first == 0) {
      logits[place.index] = logit;
      gradients[place.index] = gradient;
    }
    const float* from = x + place.index * depth;
    float* to = dx + place.index * depth;
    for (int64_t k = first; k < depth; k += threadsPerRow)
      to[k] = fmaf(gradient, kernel[k], 0.0f) * activation.slope(from[k]);
  }

 private:
  __device__ float gradientOf(float logit) const {
    float values[mostSteps + 1];
    values[0] = logit;
    for (int i = 0; i < count; i++) values[i + 1] = steps[i].result(values);
    return values[count];
  }
};

}  // namespace

Kernel denseLossGradient(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &kernel = op.inputs[1];
  const auto count = static_cast<int>(op.number("steps"));
  if (count > LossGradient::mostSteps) throw std::logic_error("denseLossGradient: too many steps");
  LossGradient sink{};
  for (int i = 0; i < count; i++) sink.steps[i] = logitStep(op.attributes.part("step" + std::to_string(i)));
  sink.count = count;
  sink.x = x.floats();
  sink.kernel = kernel.floats();
  sink.bias = op.inputs[2].floats();
  sink.depth = x.shape[1];
  sink.activation = activationOf(op.attributes.part("activationGradient"));
  sink.logits = op.outputs[0].floats();
  sink.gradients = op.outputs[1].floats();
  sink.dx = op.outputs[2].floats();
  return thinProduct(productOf(x, kernel, false, false), sink);
}

}  // namespace cuda_gan::cuda
