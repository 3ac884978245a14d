// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with given mean and variance.
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel normalize(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *gammas = op.inputs[1].floats(), *betas = op.inputs[2].floats();
  const float *means = op.inputs[3].floats(), *variances = op.inputs[4].floats();
  float* y = op.outputs[0].floats();
  const int64_t rows = op.inputs[0].rows();
  const float epsilon = static_cast<float>(op.number("epsilon"));
  return columnVectors(op.inputs[0].columns(), [=](const Columns& columns) {
    const Vec mean = columns.load(means), offset = columns.load(betas);
    const Vec scale = columns.load(gammas) / sqrt(columns.load(variances) + epsilon);
    for (int64_t row = 0; row < rows; row++) columns.store(y, row, (columns.load(x, row) - mean) * scale + offset);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
