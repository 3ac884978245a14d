// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNormGradient(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *gamma = op.inputs[1].floats(), *means = op.inputs[2].floats();
  const float *variances = op.inputs[3].floats(), *dy = op.inputs[4].floats();
  float *dx = op.outputs[0].floats(), *dgammas = op.outputs[1].floats(), *dbetas = op.outputs[2].floats();
  const int64_t rows = op.inputs[0].rows();
  const float epsilon = static_cast<float>(op.number("epsilon"));
  return columnVectors(op.inputs[0].columns(), [=](const Columns& columns) {
    const float n = static_cast<float>(rows);
    const Vec mean = columns.load(means);
    const Vec inverse = 1.0f / sqrt(columns.load(variances) + epsilon);
    const auto h = [&](int64_t row) { return (columns.load(x, row) - mean) * inverse; };
    const Vec dbeta = sumOfRows(rows, [&](int64_t row) { return columns.load(dy, row); });
    const Vec dgamma = sumOfRows(rows, [&](int64_t row) { return columns.load(dy, row) * h(row); });
    const Vec scale = columns.load(gamma) * inverse;
    for (int64_t row = 0; row < rows; row++)
      columns.store(dx, row, (columns.load(dy, row) - dbeta / n - h(row) * (dgamma / n)) * scale);
    columns.store(dgammas, 0, dgamma);
    columns.store(dbetas, 0, dbeta);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
