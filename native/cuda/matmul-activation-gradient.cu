// dx = (a · b) · f'(y): the derivative is applied on the way to memory.
#include "core/activations.cuh"
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel activationGradient(const Instruction& op, const Context& context);

namespace {
struct MatmulActivationGradient {
  Activation activation;
  const float* y;
  float* dx;
  __device__ void operator()(int64_t index, int64_t, float dy) const { dx[index] = dy * activation.slope(y[index]); }
};
}  // namespace

Kernel matmulActivationGradient(const Instruction& op, const Context& context) {
  const Product product = productOf(op, 0, op.attributes.part("matmul"));
  const Attributes slope = op.attributes.part("activationGradient");
  const Tensor &y = op.inputs[2], &dx = op.outputs[0];
  if (const auto kernel = libraryProduct(product, nullptr, dx.floats(), context)) {
    return *kernel + activationGradient({"activationGradient", {dx, y}, {dx}, slope}, context);
  }
  const EachElement<MatmulActivationGradient> sink{{activationOf(slope), y.floats(), dx.floats()}};
  if (MatrixFactorsByColumn::suit(product)) return gemm<MatrixFactorsByColumn>(product, sink, context);
  return gemm(product, sink, context);
}

}  // namespace cuda_gan::cuda
