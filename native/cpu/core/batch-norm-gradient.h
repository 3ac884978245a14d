// The gradient of a normalisation by the batch, also through an activation after it.
#pragma once
#include "batch-norm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The gradient of the normalised x: dy itself.
struct GivenGradient {
  const float* dy;

  Vec operator()(const Columns& columns, int64_t row, Vec, const Normalization&) const { return columns.load(dy, row); }
};

// dy · f'(y), y = f(normalised x): the same bits as where both are stored before they are used.
template <typename Activation>
struct GradientThrough {
  const float* dy;
  Activation f;

  Vec operator()(const Columns& columns, int64_t row, Vec x, const Normalization& normalize) const {
    return rounded(columns.load(dy, row) * f.slope(rounded(f.value(normalize(x)))));
  }
};

// What was normalised, and by what. `beta` is null where no activation wants to know it.
struct NormalizedInput {
  const float *x, *gamma, *beta, *means, *variances;
  float epsilon;

  // What the columns have in common.
  struct Scales {
    Vec mean, inverse, gamma;
    Normalization normalize;

    Vec h(Vec x) const { return (x - mean) * inverse; }
  };
  Scales scalesOf(const Columns& columns) const {
    const Vec mean = columns.load(means), variance = columns.load(variances), scale = columns.load(gamma);
    const Vec offset = beta == nullptr ? Vec{} : columns.load(beta);
    return {mean, 1.0f / sqrt(variance + epsilon), scale, Normalization(mean, variance, scale, offset, epsilon)};
  }
};

// With g the gradient of the normalised x, h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ g, dgamma = Σ g·h and
// dx = gamma / √(variance + epsilon) · (g - dbeta / n - h · dgamma / n).
template <typename Gradient>
struct BatchNormGradient {
  NormalizedInput input;
  Gradient gradient;
  float *dx, *dgammas, *dbetas;

  Kernel kernel(const RowChunks& chunks, const Context& context) const {
    return chunks.pay() ? chunkByChunk(chunks, context) : columnByColumn(chunks.rows, chunks.width);
  }

 private:
  using Scales = NormalizedInput::Scales;

  Kernel columnByColumn(int64_t rows, int64_t width) const {
    return columnVectors(width, [norm = *this, rows](const Columns& columns) {
      const Scales scales = norm.input.scalesOf(columns);
      const auto [dbeta, dgamma] = norm.sumsOf(columns, 0, rows, scales);
      norm.store(columns, 0, rows, static_cast<float>(rows), scales, dgamma, dbeta);
      columns.store(norm.dgammas, 0, dgamma);
      columns.store(norm.dbetas, 0, dbeta);
    });
  }

  // The sums of each chunk, then their sums.
  Kernel chunkByChunk(const RowChunks& chunks, const Context& context) const {
    float *gammaParts = context.floats(chunks.count() * chunks.width), *betaParts = context.floats(chunks.count() * chunks.width);
    const Phase gather = chunks.phase([=, norm = *this](const Columns& columns, int64_t chunk) {
      const auto [dbeta, dgamma] = norm.sumsOf(columns, chunks.begin(chunk), chunks.size(chunk), norm.input.scalesOf(columns));
      columns.store(betaParts, chunk, dbeta);
      columns.store(gammaParts, chunk, dgamma);
    });
    const Kernel combine = columnVectors(chunks.width, [=, norm = *this](const Columns& columns) {
      const auto total = [&](const float* parts) {
        return sumOfRows(chunks.count(), [&](int64_t chunk) { return columns.load(parts, chunk); });
      };
      columns.store(norm.dgammas, 0, total(gammaParts));
      columns.store(norm.dbetas, 0, total(betaParts));
    });
    const Phase store = chunks.phase([=, norm = *this](const Columns& columns, int64_t chunk) {
      norm.store(columns, chunks.begin(chunk), chunks.size(chunk), static_cast<float>(chunks.rows),
                 norm.input.scalesOf(columns), columns.load(norm.dgammas), columns.load(norm.dbetas));
    });
    return Kernel{gather} + combine + Kernel{store};
  }

  // Of g and g·h.
  std::pair<Vec, Vec> sumsOf(const Columns& columns, int64_t begin, int64_t size, const Scales& scales) const {
    return sumsOfRows(size, [&](int64_t row) {
      const Vec x = columns.load(input.x, begin + row), g = gradient(columns, begin + row, x, scales.normalize);
      return std::pair<Vec, Vec>(g, g * scales.h(x));
    });
  }

  void store(const Columns& columns, int64_t begin, int64_t size, float n, const Scales& scales, Vec dgamma, Vec dbeta) const {
    const Vec scale = scales.gamma * scales.inverse;
    for (int64_t row = begin; row < begin + size; row++) {
      const Vec x = columns.load(input.x, row), g = gradient(columns, row, x, scales.normalize);
      columns.store(dx, row, (g - dbeta / n - scales.h(x) * (dgamma / n)) * scale);
    }
  }
};

// Outputs dx, dgamma and dbeta.
template <typename Gradient>
Kernel gradientOfBatchNorm(const NormalizedInput& input, const Gradient& gradient, const Instruction& op, const Context& context) {
  const auto out = [&](size_t i) { return op.outputs[i].floats(); };
  const BatchNormGradient<Gradient> norm{input, gradient, out(0), out(1), out(2)};
  return norm.kernel(RowChunks(op.inputs[0].rows(), op.inputs[0].columns()), context);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
