// h = f(x · kernel + bias), y = batchNorm(h). Up to 128 rows, a block holds all rows of its columns, and so has their
// mean and variance without another pass over memory.
#include "core/activations.cuh"
#include "core/tile-columns.cuh"

namespace cuda_gan::cuda {

Kernel batchNorm(const Instruction& op, const Context& context);
Kernel dense(const Instruction& op, const Context& context);

namespace {
struct DenseBatchNorm {
  const float *bias, *gamma, *beta;
  Activation activation;
  float epsilon;
  float *h, *y, *means, *variances;

  template <class Shape, class Tile>
  __device__ void put(float* sums, const Tile& tile) const {
    const TileColumn<Shape> own(sums, tile);
    const int64_t column = own.column;
    const float n = static_cast<float>(own.extent.m);
    const float mean = own.sumOfRows([&](float& element, int64_t at) {
      return h[at] = element = activation.value(element + bias[column]);
    }) / n;
    const float variance = own.sumOfRows([&](float element, int64_t) { return (element - mean) * (element - mean); }) / n;
    own.forRows([&](float element, int64_t at) {
      y[at] = (element - mean) * (gamma[column] / sqrtf(variance + epsilon)) + beta[column];
    });
    if (!own.isFirst()) return;
    means[column] = mean;
    variances[column] = variance;
  }
};
}  // namespace

Kernel denseBatchNorm(const Instruction& op, const Context& context) {
  const auto &in = op.inputs, &out = op.outputs;
  const Attributes norm = op.attributes.part("batchNorm");
  const Product product = productOf(in[0], in[1], false, false);
  if (product.extent.m > narrowRows) {
    return dense({"dense", {in[0], in[1], in[2]}, {out[0]}, op.attributes}, context) +
           batchNorm({"batchNorm", {out[0], in[3], in[4]}, {out[1], out[2], out[3]}, norm}, context);
  }
  return gemmOfColumns(product,
                       DenseBatchNorm{in[2].floats(), in[3].floats(), in[4].floats(), activationOf(op.attributes.part("activation")),
                                 static_cast<float>(norm.number("epsilon")), out[0].floats(), out[1].floats(),
                                 out[2].floats(), out[3].floats()},
                       context);
}

}  // namespace cuda_gan::cuda
