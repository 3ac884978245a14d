// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/batch-norm.cuh"
#include "core/strips.cuh"

namespace cuda_gan::cuda {

namespace {

struct BatchNormGradient {
  const float *x, *gamma, *beta, *means, *variances, *dy;
  float *dx, *dgammas, *dbetas;
  int64_t rows, width;
  float epsilon;
  Activation activation;

  // A strip, with what all of its rows need.
  template <class Strip>
  struct Columns {
    const BatchNormGradient& gradient;
    const Strip& strip;
    decltype(strip.load(nullptr)) mean, inverse, scale, offset;

    __device__ Columns(const BatchNormGradient& gradient, const Strip& strip)
        : gradient(gradient), strip(strip), mean(strip.load(gradient.means)) {
      const auto variance = strip.load(gradient.variances);
      inverse = strip.each([&](int i) { return 1.0f / sqrtf(variance.at[i] + gradient.epsilon); });
      if (gradient.activation.kind == Activation::Linear) return;
      const auto factor = strip.load(gradient.gamma);
      scale = strip.each([&](int i) { return factor.at[i] / sqrtf(variance.at[i] + gradient.epsilon); });
      offset = strip.load(gradient.beta);
    }

    // What is given for a row: dy and x, joined.
    __device__ auto load(int64_t row) const { return joined(strip.load(gradient.dy, row), strip.load(gradient.x, row)); }

    // Of what was loaded: dy, with the slope of the activation at what the normalisation made, and h.
    template <class Loaded>
    __device__ auto dy(const Loaded& row) const {
      const auto given = halfOf(row, 0), value = halfOf(row, 1);
      const Activation& activation = gradient.activation;
      if (activation.kind == Activation::Linear) return given;
      return strip.each([&](int i) {
        return given.at[i] * activation.slope(activation.value((value.at[i] - mean.at[i]) * scale.at[i] + offset.at[i]));
      });
    }
    template <class Loaded>
    __device__ auto h(const Loaded& row) const {
      const auto value = halfOf(row, 1);
      return strip.each([&](int i) { return (value.at[i] - mean.at[i]) * inverse.at[i]; });
    }
  };

  // Σ dy and Σ dy·h of [begin, begin + count), joined.
  template <class Strip>
  __device__ auto sumsOf(const Columns<Strip>& columns, int64_t begin, int64_t count) const {
    return columns.strip.sumOfRows(count, [&](int64_t row) { return columns.load(begin + row); }, [&](const auto& row) {
      const auto dy = columns.dy(row), h = columns.h(row);
      return joined(dy, columns.strip.each([&](int i) { return dy.at[i] * h.at[i]; }));
    });
  }

  template <class Strip, class Numbers>
  __device__ void finish(const Columns<Strip>& columns, int64_t begin, int64_t count, const Numbers& dbeta,
                         const Numbers& dgamma) const {
    const float n = static_cast<float>(rows);
    const auto& strip = columns.strip;
    const auto factor = strip.load(gamma);
    const auto scale = strip.each([&](int i) { return factor.at[i] * columns.inverse.at[i]; });
    const auto meanOfDy = strip.each([&](int i) { return dbeta.at[i] / n; });
    const auto meanOfDyH = strip.each([&](int i) { return dgamma.at[i] / n; });
    strip.fillRows(dx + begin * width, count, [&](int64_t row) { return columns.load(begin + row); }, [&](const auto& row) {
      const auto dy = columns.dy(row), h = columns.h(row);
      return strip.each([&](int i) { return (dy.at[i] - meanOfDy.at[i] - h.at[i] * meanOfDyH.at[i]) * scale.at[i]; });
    });
  }

  template <class Strip, class Numbers>
  __device__ void putSums(const Strip& strip, const Numbers& dbeta, const Numbers& dgamma) const {
    if (!strip.isFirst()) return;
    strip.store(dbetas, 0, dbeta);
    strip.store(dgammas, 0, dgamma);
  }
};

// All rows at once.
struct GradientStrip {
  BatchNormGradient gradient;

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const BatchNormGradient::Columns<Strip> columns(gradient, strip);
    const auto sums = gradient.sumsOf(columns, 0, gradient.rows);
    gradient.putSums(strip, halfOf(sums, 0), halfOf(sums, 1));
    gradient.finish(columns, 0, gradient.rows, halfOf(sums, 0), halfOf(sums, 1));
  }
};

// Or chunk by chunk: the sums of each,
struct ChunkSums {
  BatchNormGradient gradient;
  RowChunks chunks;
  float *dbetas, *dgammas;

  template <class Strip>
  __device__ void operator()(int64_t chunk, const Strip& strip) const {
    const auto sums = gradient.sumsOf(BatchNormGradient::Columns<Strip>(gradient, strip), chunks.begin(chunk),
                                      chunks.size(chunk));
    if (!strip.isFirst()) return;
    strip.store(dbetas, chunk, halfOf(sums, 0));
    strip.store(dgammas, chunk, halfOf(sums, 1));
  }
};

// which every block that finishes a chunk adds up for itself.
struct FinishedChunk {
  ChunkSums sums;
  int64_t count;

  template <class Strip>
  __device__ void operator()(int64_t chunk, const Strip& strip) const {
    const BatchNormGradient& gradient = sums.gradient;
    const auto total = strip.sumOfRows(count, [&](int64_t row) {
      return joined(strip.load(sums.dbetas, row), strip.load(sums.dgammas, row));
    });
    if (chunk == 0) gradient.putSums(strip, halfOf(total, 0), halfOf(total, 1));
    gradient.finish(BatchNormGradient::Columns<Strip>(gradient, strip), sums.chunks.begin(chunk),
                    sums.chunks.size(chunk), halfOf(total, 0), halfOf(total, 1));
  }
};

}  // namespace

Kernel batchNormGradientAfter(const Activation& activation, const Tensor* beta, const Instruction& op, const Attributes& batchNorm,
                              const Context& context) {
  const Tensor& x = op.inputs[0];
  const int64_t width = x.columns();
  const auto in = [&](size_t i) { return op.inputs[i].floats(); };
  const auto out = [&](size_t i) { return op.outputs[i].floats(); };
  const BatchNormGradient gradient{in(0), in(1), beta == nullptr ? nullptr : beta->floats(),
                                   in(2), in(3), in(4),
                                   out(0), out(1), out(2),
                                   x.rows(), width,
                                   static_cast<float>(batchNorm.number("epsilon")), activation};
  const RowChunks chunks(x.rows());
  const int64_t count = chunks.count();
  if (count == 1) return forEachStrip(1, x.rows(), width, GradientStrip{gradient});
  const ChunkSums sums{gradient, chunks, rowsOfChunks(chunks, width, context), rowsOfChunks(chunks, width, context)};
  return forEachStrip(count, chunks.length, width, sums) +
         forEachStrip(count, chunks.length, width, FinishedChunk{sums, count});
}

Kernel batchNormGradient(const Instruction& op, const Context& context) {
  return batchNormGradientAfter({}, nullptr, op, op.attributes, context);
}

}  // namespace cuda_gan::cuda
