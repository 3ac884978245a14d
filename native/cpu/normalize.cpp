// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with given mean and variance.
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel normalize(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *gammas = op.inputs[1].floats(), *betas = op.inputs[2].floats();
  const float *means = op.inputs[3].floats(), *variances = op.inputs[4].floats();
  float* y = op.outputs[0].floats();
  const float epsilon = static_cast<float>(op.number("epsilon"));
  const auto normalizeRows = [=](const Columns& columns, int64_t begin, int64_t size) {
    const Vec mean = columns.load(means), offset = columns.load(betas);
    const Vec scale = columns.load(gammas) / sqrt(columns.load(variances) + epsilon);
    for (int64_t row = begin; row < begin + size; row++)
      columns.store(y, row, (columns.load(x, row) - mean) * scale + offset);
  };
  const RowChunks chunks(op.inputs[0].rows(), op.inputs[0].columns());
  if (!chunks.pay()) {
    return columnVectors(chunks.width, [=](const Columns& columns) { normalizeRows(columns, 0, chunks.rows); });
  }
  return {chunks.phase([=](const Columns& columns, int64_t chunk) {
    normalizeRows(columns, chunks.begin(chunk), chunks.size(chunk));
  })};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
