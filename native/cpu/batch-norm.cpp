// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

struct BatchNorm {
  const float *x, *gamma, *beta;
  float *y, *means, *variances;
  float epsilon;

  void normalize(const Columns& columns, int64_t begin, int64_t size, Vec mean, Vec variance) const {
    const Vec scale = columns.load(gamma) / sqrt(variance + epsilon), offset = columns.load(beta);
    for (int64_t row = begin; row < begin + size; row++)
      columns.store(y, row, (columns.load(x, row) - mean) * scale + offset);
  }

  Vec meanOf(const Columns& columns, int64_t begin, int64_t size) const {
    return sumOfRows(size, [&](int64_t row) { return columns.load(x, begin + row); }) / static_cast<float>(size);
  }

  // Σ (x - mean)²
  Vec squaresOf(const Columns& columns, int64_t begin, int64_t size, Vec mean) const {
    return sumOfRows(size, [&](int64_t row) {
      const Vec centered = columns.load(x, begin + row) - mean;
      return centered * centered;
    });
  }
};

// Column by column.
Kernel fewRows(const BatchNorm& norm, int64_t rows, int64_t width) {
  return columnVectors(width, [=](const Columns& columns) {
    const Vec mean = norm.meanOf(columns, 0, rows);
    const Vec variance = norm.squaresOf(columns, 0, rows, mean) / static_cast<float>(rows);
    norm.normalize(columns, 0, rows, mean, variance);
    columns.store(norm.means, 0, mean);
    columns.store(norm.variances, 0, variance);
  });
}

// Chunk by chunk: mean and squares of each, put together (Chan, Golub & LeVeque, Updating Formulae and a Pairwise Algorithm
// for Computing Sample Variances, 1979).
Kernel manyRows(const BatchNorm& norm, const RowChunks& chunks, const Context& context) {
  float *means = context.floats(chunks.count() * chunks.width), *squares = context.floats(chunks.count() * chunks.width);
  const Phase gather = chunks.phase([=](const Columns& columns, int64_t chunk) {
    const Vec mean = norm.meanOf(columns, chunks.begin(chunk), chunks.size(chunk));
    columns.store(means, chunk, mean);
    columns.store(squares, chunk, norm.squaresOf(columns, chunks.begin(chunk), chunks.size(chunk), mean));
  });
  const Kernel combine = columnVectors(chunks.width, [=](const Columns& columns) {
    const float n = static_cast<float>(chunks.rows);
    const auto sizeOf = [&](int64_t chunk) { return static_cast<float>(chunks.size(chunk)); };
    const Vec mean =
        sumOfRows(chunks.count(), [&](int64_t chunk) { return columns.load(means, chunk) * sizeOf(chunk); }) / n;
    const Vec sum = sumOfRows(chunks.count(), [&](int64_t chunk) {
      const Vec distance = columns.load(means, chunk) - mean;
      return columns.load(squares, chunk) + distance * distance * sizeOf(chunk);
    });
    columns.store(norm.means, 0, mean);
    columns.store(norm.variances, 0, sum / n);
  });
  const Phase normalize = chunks.phase([=](const Columns& columns, int64_t chunk) {
    norm.normalize(columns, chunks.begin(chunk), chunks.size(chunk), columns.load(norm.means), columns.load(norm.variances));
  });
  return Kernel{gather} + combine + Kernel{normalize};
}

}  // namespace

Kernel batchNorm(const Instruction& op, const Context& context) {
  const BatchNorm norm{op.inputs[0].floats(),  op.inputs[1].floats(),  op.inputs[2].floats(), op.outputs[0].floats(),
                       op.outputs[1].floats(), op.outputs[2].floats(), static_cast<float>(op.number("epsilon"))};
  const RowChunks chunks(op.inputs[0].rows(), op.inputs[0].columns());
  return chunks.pay() ? manyRows(norm, chunks, context) : fewRows(norm, chunks.rows, chunks.width);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
