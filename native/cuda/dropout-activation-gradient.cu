// dx = dropout(dy) · f'(y), with f' by y = f(x): the gradient of a dropout after an activation.
#include "core/activations.cuh"
#include "core/dropout.cuh"

namespace cuda_gan::cuda {

namespace {
struct DropAndSlope {
  Dropout dropout;
  Activation activation;
  const float *dy, *y;
  float* dx;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    if (count == 4) {
      const auto gradient = loadFloats<4>(dy + first), value = loadFloats<4>(y + first);
      storeFloats(dx + first, eachOf<4>([&](int i) { return result(words.word[i], gradient.at[i], value.at[i]); }));
    } else {
      for (int i = 0; i < count; i++) dx[first + i] = result(words.word[i], dy[first + i], y[first + i]);
    }
  }
  __device__ float result(uint32_t word, float gradient, float value) const {
    return dropout.kept(word, gradient) * activation.slope(value);
  }
};
}  // namespace

Kernel dropoutActivationGradient(const Instruction& op, const Context& context) {
  const Attributes dropout = op.attributes.part("dropout");
  const Activation activation = activationOf(op.attributes.part("activationGradient"));
  return forRandomBlocks({"dropout", {}, op.outputs, dropout}, context,
                         DropAndSlope{dropoutOf(dropout), activation, op.inputs[0].floats(), op.inputs[1].floats(),
                                      op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
