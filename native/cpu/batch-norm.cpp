// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNorm(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *gamma = op.inputs[1].floats(), *beta = op.inputs[2].floats();
  float *y = op.outputs[0].floats(), *means = op.outputs[1].floats(), *variances = op.outputs[2].floats();
  const int64_t rows = op.inputs[0].rows();
  const float epsilon = static_cast<float>(op.number("epsilon"));
  return columnVectors(op.inputs[0].columns(), [=](const Columns& columns) {
    const float n = static_cast<float>(rows);
    const Vec mean = sumOfRows(rows, [&](int64_t row) { return columns.load(x, row); }) / n;
    const Vec squares = sumOfRows(rows, [&](int64_t row) {
      const Vec centered = columns.load(x, row) - mean;
      return centered * centered;
    });
    const Vec variance = squares / n;
    const Vec scale = columns.load(gamma) / sqrt(variance + epsilon);
    const Vec offset = columns.load(beta);
    for (int64_t row = 0; row < rows; row++) columns.store(y, row, (columns.load(x, row) - mean) * scale + offset);
    columns.store(means, 0, mean);
    columns.store(variances, 0, variance);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
