// y = f(x · kernel + bias), x [n, in], kernel [in, out], bias [out]; bias and f are applied while the block is in cache.
#include "core/activations.h"
#include "core/elementwise.h"
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel dense(const Instruction& op, const Context& context) {
  const Tensor &x = op.inputs[0], &kernel = op.inputs[1];
  const float* bias = op.inputs[2].floats();
  float* y = op.outputs[0].floats();
  const int64_t m = x.shape[0], k = x.shape[1], n = kernel.shape[1];
  return withActivation(op.attributes.part("activation"), [&](auto f) {
    const auto finish = [=](const RowMajorSink& tiles, int64_t row, int64_t rowEnd, int64_t column, int64_t columnEnd) {
      for (; row < rowEnd; row++) {
        float* at = tiles.at(row);
        mapRange(column, columnEnd, at, [f](Vec sum, Vec b) { return f.value(sum + b); }, at, bias);
      }
    };
    const Matrix left{viewOf(x, false)};
    return gemm({m, n, k}, left, viewOf(kernel, false), context.threads, RowMajorSink{y, n}, finish);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
