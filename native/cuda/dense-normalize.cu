// y = gamma · (f(x · kernel + bias) - mean) / √(variance + epsilon) + beta, with given mean and variance; all of it is applied
// on the way to memory.
#include "core/gemm.cuh"

namespace cuda_gan::cuda {

Kernel dense(const Instruction& op, const Context& context);
Kernel normalize(const Instruction& op, const Context& context);

namespace {
struct DenseNormalize {
  const float *bias, *gamma, *beta, *mean, *variance;
  Activation activation;
  float epsilon;
  float* y;
  __device__ void operator()(int64_t index, int64_t column, float element) const {
    const float h = activation.value(element + bias[column]);
    y[index] = (h - mean[column]) * (gamma[column] / sqrtf(variance[column] + epsilon)) + beta[column];
  }
};
}  // namespace

Kernel denseNormalize(const Instruction& op, const Context& context) {
  const auto& in = op.inputs;
  const Tensor& y = op.outputs[0];
  const Attributes norm = op.attributes.part("normalize");
  const Product product = productOf(in[0], in[1], false, false);
  if (suitsLibrary(product)) {
    return dense({"dense", {in[0], in[1], in[2]}, {y}, op.attributes}, context) +
           normalize({"normalize", {y, in[3], in[4], in[5], in[6]}, {y}, norm}, context);
  }
  const DenseNormalize element{in[2].floats(), in[3].floats(), in[4].floats(), in[5].floats(), in[6].floats(),
                               activationOf(op.attributes.part("activation")), static_cast<float>(norm.number("epsilon")),
                               y.floats()};
  return gemm(product, EachElement<DenseNormalize>{element}, context);
}

}  // namespace cuda_gan::cuda
