// Index of the largest element of every row, as a float; the first one wins a tie.
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel argMax(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  const int64_t length = op.inputs[0].columns();
  return rowBlocks(op.inputs[0].rows(), length, [=](int64_t i) {
    const float* row = x + i * length;
    int64_t best = 0;
    for (int64_t j = 1; j < length; j++)
      if (row[j] > row[best]) best = j;
    y[i] = static_cast<float>(best);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
