// Adam with the gradient Σ x over all axes but the last: each vector of columns is summed and used up.
#include "core/adam.h"

#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel sumAdam(const Instruction& op, const Context&) {
  const AdamState state(op, op.attributes.part("adam"));
  const Tensor& gradients = op.inputs[gradientInput];
  const float* x = gradients.floats();
  const int64_t rows = gradients.rows();
  return columnVectors(gradients.columns(), [=](const Columns& columns) {
    const AdamUpdate update(state, state.rate());
    const Vec gradient = sumOfRows(rows, [&](int64_t row) { return columns.load(x, row); });
    if (columns.whole()) {
      update.apply(columns.first, gradient);
    } else {
      update.applyPartial(columns.first, columns.count, gradient);
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
