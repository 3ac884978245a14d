// y = f(x · kernel + bias), x [n, in], kernel [in, out], bias [out]; bias and f are applied on the way to memory.
#include "core/activations.cuh"
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel activation(const Instruction& op, const Context& context);

namespace {
struct Finish {
  const float* bias;
  Activation activation;
  float* y;
  __device__ void operator()(int64_t index, int64_t column, float sum) const {
    y[index] = activation.value(sum + bias[column]);
  }
};
}  // namespace

Kernel dense(const Instruction& op, const Context& context) {
  const Product product = productOf(op.inputs[0], op.inputs[1], false, false);
  const Tensor& y = op.outputs[0];
  const float* bias = op.inputs[2].floats();
  const Attributes attributes = op.attributes.part("activation");
  const Activation f = activationOf(attributes);
  if (const auto kernel = libraryProduct(product, bias, y.floats(), context)) {
    return f.kind == Activation::Linear ? *kernel : *kernel + activation({"activation", {y}, {y}, attributes}, context);
  }
  return gemm(product, EachElement<Finish>{{bias, f, y.floats()}}, context);
}

}  // namespace cuda_gan::cuda
