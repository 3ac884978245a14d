// The head of a discriminator and the gradient of what a loss makes of it, row by row:
// z = x · kernel + bias, g = a function of z, dx = g · kernelᵀ · f'(x); x [n, in], kernel [in, 1], bias [1].
// The function is a short list of steps, which lib/devices/fusions/dense-loss-gradient.ts makes of the loss. Products, sums
// and steps are those of the single ops, in their order.
#include "core/element-step.cuh"
#include "core/thin-product.cuh"

namespace cuda_gan::cuda {

namespace {

// Takes the products of rows with the kernel. As many threads as there are for a row compute its gradient, each for itself.
struct LossGradient {
  static constexpr int mostSteps = 12;
  ElementStep steps[mostSteps];
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
    for (int i = 0; i < count; i++) {
      const auto& [first, second, third] = steps[i].operands;
      values[i + 1] = steps[i].result(values[first], values[second], values[third]);
    }
    return values[count];
  }
};

}  // namespace

Kernel denseLossGradient(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &kernel = op.inputs[1];
  LossGradient sink{};
  for (const Attributes& step : attributesOfSteps(op, LossGradient::mostSteps)) sink.steps[sink.count++] = elementStep(step);
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
