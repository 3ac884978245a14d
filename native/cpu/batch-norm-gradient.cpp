// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/columns.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

struct BatchNormGradient {
  const float *x, *gamma, *means, *variances, *dy;
  float *dx, *dgammas, *dbetas;
  float epsilon;

  // What the columns have in common.
  struct Scales {
    Vec mean, inverse;
    Vec h(Vec x) const { return (x - mean) * inverse; }
  };
  Scales scalesOf(const Columns& columns) const {
    return {columns.load(means), 1.0f / sqrt(columns.load(variances) + epsilon)};
  }

  Vec dbetaOf(const Columns& columns, int64_t begin, int64_t size) const {
    return sumOfRows(size, [&](int64_t row) { return columns.load(dy, begin + row); });
  }

  Vec dgammaOf(const Columns& columns, int64_t begin, int64_t size, const Scales& scales) const {
    return sumOfRows(size, [&](int64_t row) {
      return columns.load(dy, begin + row) * scales.h(columns.load(x, begin + row));
    });
  }

  void store(const Columns& columns, int64_t begin, int64_t size, float n, const Scales& scales, Vec dgamma, Vec dbeta) const {
    const Vec scale = columns.load(gamma) * scales.inverse;
    for (int64_t row = begin; row < begin + size; row++) {
      const Vec inner = columns.load(dy, row) - dbeta / n - scales.h(columns.load(x, row)) * (dgamma / n);
      columns.store(dx, row, inner * scale);
    }
  }
};

// Column by column.
Kernel fewRowsGradient(const BatchNormGradient& norm, int64_t rows, int64_t width) {
  return columnVectors(width, [=](const Columns& columns) {
    const auto scales = norm.scalesOf(columns);
    const Vec dbeta = norm.dbetaOf(columns, 0, rows), dgamma = norm.dgammaOf(columns, 0, rows, scales);
    norm.store(columns, 0, rows, static_cast<float>(rows), scales, dgamma, dbeta);
    columns.store(norm.dgammas, 0, dgamma);
    columns.store(norm.dbetas, 0, dbeta);
  });
}

// Chunk by chunk: the sums of each, then their sums.
Kernel manyRowsGradient(const BatchNormGradient& norm, const RowChunks& chunks, const Context& context) {
  float *dgammas = context.floats(chunks.count() * chunks.width), *dbetas = context.floats(chunks.count() * chunks.width);
  const Phase gather = chunks.phase([=](const Columns& columns, int64_t chunk) {
    const int64_t begin = chunks.begin(chunk), size = chunks.size(chunk);
    columns.store(dbetas, chunk, norm.dbetaOf(columns, begin, size));
    columns.store(dgammas, chunk, norm.dgammaOf(columns, begin, size, norm.scalesOf(columns)));
  });
  const Kernel combine = columnVectors(chunks.width, [=](const Columns& columns) {
    const auto total = [&](const float* parts) {
      return sumOfRows(chunks.count(), [&](int64_t chunk) { return columns.load(parts, chunk); });
    };
    columns.store(norm.dgammas, 0, total(dgammas));
    columns.store(norm.dbetas, 0, total(dbetas));
  });
  const Phase store = chunks.phase([=](const Columns& columns, int64_t chunk) {
    norm.store(columns, chunks.begin(chunk), chunks.size(chunk), static_cast<float>(chunks.rows), norm.scalesOf(columns),
               columns.load(norm.dgammas), columns.load(norm.dbetas));
  });
  return Kernel{gather} + combine + Kernel{store};
}

}  // namespace

Kernel batchNormGradient(const Instruction& op, const Context& context) {
  const auto in = [&](size_t i) { return op.inputs[i].floats(); };
  const auto out = [&](size_t i) { return op.outputs[i].floats(); };
  const BatchNormGradient norm{in(0),  in(1),  in(2),  in(3), in(4), out(0), out(1), out(2),
                               static_cast<float>(op.number("epsilon"))};
  const RowChunks chunks(op.inputs[0].rows(), op.inputs[0].columns());
  return chunks.pay() ? manyRowsGradient(norm, chunks, context) : fewRowsGradient(norm, chunks.rows, chunks.width);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
