// dy = a · b, then batchNormGradient at x, then dx · f'(x). Up to 128 rows, a block holds all rows of its columns.
#include "core/activations.cuh"
#include "core/tile-columns.cuh"

namespace cuda_gan::cuda {

Kernel activationGradient(const Instruction& op, const Context& context);
Kernel batchNormGradient(const Instruction& op, const Context& context);
Kernel matmul(const Instruction& op, const Context& context);

namespace {
struct MatmulBatchNormGradient {
  const float *x, *gamma, *means, *variances;
  Activation activation;
  float epsilon;
  float *dx, *dgammas, *dbetas;

  template <class Shape, class Tile>
  __device__ void put(float* sums, const Tile& tile) const {
    const TileColumn<Shape> own(sums, tile);
    const int64_t column = own.column;
    const float mean = own.inside ? means[column] : 0.0f;
    const float inverse = own.inside ? 1.0f / sqrtf(variances[column] + epsilon) : 0.0f;
    const auto h = [&](int64_t at) { return (x[at] - mean) * inverse; };
    const float dbeta = own.sumOfRows([](float dy, int64_t) { return dy; });
    const float dgamma = own.sumOfRows([&](float dy, int64_t at) { return dy * h(at); });
    const float n = static_cast<float>(own.extent.m);
    own.forRows([&](float dy, int64_t at) {
      const float inner = dy - dbeta / n - h(at) * (dgamma / n);
      dx[at] = inner * (gamma[column] * inverse) * activation.slope(x[at]);
    });
    if (!own.isFirst()) return;
    dgammas[column] = dgamma;
    dbetas[column] = dbeta;
  }
};
}  // namespace

Kernel matmulBatchNormGradient(const Instruction& op, const Context& context) {
  const auto &in = op.inputs, &out = op.outputs;
  const Attributes norm = op.attributes.part("batchNormGradient"), slope = op.attributes.part("activationGradient");
  const Product product = productOf(op, 0, op.attributes.part("matmul"));
  const Tensor &x = in[2], &dx = out[0];
  if (product.extent.m > narrowRows) {
    return matmul({"matmul", {in[0], in[1]}, {dx}, op.attributes.part("matmul")}, context) +
           batchNormGradient({"batchNormGradient", {x, in[3], in[4], in[5], dx}, out, norm}, context) +
           activationGradient({"activationGradient", {dx, x}, {dx}, slope}, context);
  }
  const MatmulBatchNormGradient sink{x.floats(), in[3].floats(), in[4].floats(), in[5].floats(), activationOf(slope),
                                     static_cast<float>(norm.number("epsilon")), dx.floats(), out[1].floats(), out[2].floats()};
  if (MatrixFactorsByColumn::suit(product)) return gemmOfColumns<MatrixFactorsByColumn>(product, sink, context);
  return gemmOfColumns(product, sink, context);
}

}  // namespace cuda_gan::cuda
