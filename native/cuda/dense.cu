// y = f(x · kernel + bias), x [n, in], kernel [in, out], bias [out]; bias and f are applied on the way to memory.
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel activation(const Instruction& op, const Context& context);

Kernel dense(const Instruction& op, const Context& context) {
  const Product product = productOf(op.inputs[0], op.inputs[1], false, false);
  const Tensor& y = op.outputs[0];
  const Tensor& bias = op.inputs[2];
  const Attributes attributes = op.attributes.part("activation");
  if (const auto kernel = libraryProduct(product, bias.floats(), y.floats(), context)) {
    return activationOf(attributes).kind == Activation::Linear ? *kernel : *kernel + activation({"activation", {y}, {y}, attributes}, context);
  }
  return gemm(product, biasActivationIn(y, bias, attributes), context);
}

}  // namespace cuda_gan::cuda
