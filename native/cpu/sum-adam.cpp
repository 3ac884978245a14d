// Adam with the gradient Σ x over all axes but the last: each vector of columns is summed and used up.
#include "core/adam.h"

#include "core/columns.h"
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel sumAdam(const Instruction& op, int) {
  const AdamState state(op);
  const float* x = op.inputs[3].floats();
  const int64_t rows = op.inputs[3].rows();
  return columnVectors(op.inputs[3].columns(), [=](const Columns& columns) {
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
