// Normalisation by the batch's mean and variance over all axes but the last, and an activation after it.
#pragma once
#include "activations.h"
#include "columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// gamma · (x - mean) / √(variance + epsilon) + beta. The gradient computes it anew by this, to the same bits.
struct Normalization {
  Vec mean, scale, offset;

  Normalization(Vec mean, Vec variance, Vec gamma, Vec beta, float epsilon)
      : mean(mean), scale(gamma / sqrt(variance + epsilon)), offset(beta) {}

  Vec operator()(Vec x) const { return (x - mean) * scale + offset; }
};

// Over x [rows, columns].
template <typename Activation>
struct BatchNorm {
  const float *x, *gamma, *beta;
  float *y, *means, *variances;
  float epsilon;
  Activation f;

  Kernel kernel(const RowChunks& chunks, const Context& context) const {
    return chunks.pay() ? chunkByChunk(chunks, context) : columnByColumn(chunks.rows, chunks.width);
  }

 private:
  Kernel columnByColumn(int64_t rows, int64_t width) const {
    return columnVectors(width, [norm = *this, rows](const Columns& columns) {
      const Vec mean = norm.meanOf(columns, 0, rows);
      const Vec variance = norm.squaresOf(columns, 0, rows, mean) / static_cast<float>(rows);
      norm.store(columns, 0, rows, mean, variance);
      columns.store(norm.means, 0, mean);
      columns.store(norm.variances, 0, variance);
    });
  }

  // Mean and squares of each chunk, put together (Chan, Golub & LeVeque, Updating Formulae and a Pairwise Algorithm for
  // Computing Sample Variances, 1979).
  Kernel chunkByChunk(const RowChunks& chunks, const Context& context) const {
    float *parts = context.floats(chunks.count() * chunks.width), *squares = context.floats(chunks.count() * chunks.width);
    const Phase gather = chunks.phase([=, norm = *this](const Columns& columns, int64_t chunk) {
      const Vec mean = norm.meanOf(columns, chunks.begin(chunk), chunks.size(chunk));
      columns.store(parts, chunk, mean);
      columns.store(squares, chunk, norm.squaresOf(columns, chunks.begin(chunk), chunks.size(chunk), mean));
    });
    const Kernel combine = columnVectors(chunks.width, [=, norm = *this](const Columns& columns) {
      const float n = static_cast<float>(chunks.rows);
      const auto sizeOf = [&](int64_t chunk) { return static_cast<float>(chunks.size(chunk)); };
      const Vec mean =
          sumOfRows(chunks.count(), [&](int64_t chunk) { return columns.load(parts, chunk) * sizeOf(chunk); }) / n;
      const Vec sum = sumOfRows(chunks.count(), [&](int64_t chunk) {
        const Vec distance = columns.load(parts, chunk) - mean;
        return columns.load(squares, chunk) + distance * distance * sizeOf(chunk);
      });
      columns.store(norm.means, 0, mean);
      columns.store(norm.variances, 0, sum / n);
    });
    const Phase store = chunks.phase([=, norm = *this](const Columns& columns, int64_t chunk) {
      norm.store(columns, chunks.begin(chunk), chunks.size(chunk), columns.load(norm.means), columns.load(norm.variances));
    });
    return Kernel{gather} + combine + Kernel{store};
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

  void store(const Columns& columns, int64_t begin, int64_t size, Vec mean, Vec variance) const {
    const Normalization normalize(mean, variance, columns.load(gamma), columns.load(beta), epsilon);
    for (int64_t row = begin; row < begin + size; row++)
      columns.store(y, row, f.value(normalize(columns.load(x, row))));
  }
};

// Inputs x [.., c], gamma and beta [c]; outputs y = f(normalised x), mean and biased variance [c]. `attributes` are those
// of batchNorm.
template <typename Activation>
Kernel batchNormThen(Activation f, const Instruction& op, const Attributes& attributes, const Context& context) {
  const auto in = [&](size_t i) { return op.inputs[i].floats(); };
  const auto out = [&](size_t i) { return op.outputs[i].floats(); };
  const BatchNorm<Activation> norm{in(0),  in(1), in(2), out(0), out(1), out(2), static_cast<float>(attributes.number("epsilon")),
                                   f};
  return norm.kernel(RowChunks(op.inputs[0].rows(), op.inputs[0].columns()), context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
