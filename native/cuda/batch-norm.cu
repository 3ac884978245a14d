// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/batch-norm.cuh"
#include "core/strips.cuh"

namespace cuda_gan::cuda {

namespace {

struct BatchNorm {
  const float *x, *gamma, *beta;
  float *y, *means, *variances;
  int64_t width;
  float epsilon;
  Activation activation;

  // Of the rows [begin, begin + rows).
  template <class Strip>
  __device__ auto meanOf(const Strip& strip, int64_t begin, int64_t rows) const {
    const float* first = x + begin * width;
    const auto sum = strip.sumOfRows(rows, [&](int64_t row) { return strip.load(first, row); });
    return strip.each([&](int i) { return sum.at[i] / static_cast<float>(rows); });
  }

  // Σ (x - mean)²
  template <class Strip, class Means>
  __device__ auto squaresOf(const Strip& strip, int64_t begin, int64_t rows, const Means& mean) const {
    const float* first = x + begin * width;
    return strip.sumOfRows(rows, [&](int64_t row) { return strip.load(first, row); }, [&](const auto& value) {
      return strip.each([&](int i) { return (value.at[i] - mean.at[i]) * (value.at[i] - mean.at[i]); });
    });
  }

  template <class Strip, class Numbers>
  __device__ void normalize(const Strip& strip, int64_t begin, int64_t rows, const Numbers& mean,
                            const Numbers& variance) const {
    const float* first = x + begin * width;
    const auto factor = strip.load(gamma), offset = strip.load(beta);
    const auto scale = strip.each([&](int i) { return factor.at[i] / sqrtf(variance.at[i] + epsilon); });
    strip.fillRows(y + begin * width, rows, [&](int64_t row) { return strip.load(first, row); }, [&](const auto& value) {
      return strip.each([&](int i) { return activation.value((value.at[i] - mean.at[i]) * scale.at[i] + offset.at[i]); });
    });
  }

  template <class Strip, class Numbers>
  __device__ void putMoments(const Strip& strip, const Numbers& mean, const Numbers& variance) const {
    if (!strip.isFirst()) return;
    strip.store(means, 0, mean);
    strip.store(variances, 0, variance);
  }
};

// All rows at once.
struct BatchNormStrip {
  BatchNorm norm;
  int64_t rows;

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const auto mean = norm.meanOf(strip, 0, rows), sum = norm.squaresOf(strip, 0, rows, mean);
    const auto variance = strip.each([&](int i) { return sum.at[i] / static_cast<float>(rows); });
    norm.putMoments(strip, mean, variance);
    norm.normalize(strip, 0, rows, mean, variance);
  }
};

// Or chunk by chunk: mean and squares of each,
struct ChunkMoments {
  BatchNorm norm;
  RowChunks chunks;
  float *means, *squares;

  template <class Strip>
  __device__ void operator()(int64_t chunk, const Strip& strip) const {
    const int64_t begin = chunks.begin(chunk), rows = chunks.size(chunk);
    const auto mean = norm.meanOf(strip, begin, rows), sum = norm.squaresOf(strip, begin, rows, mean);
    if (!strip.isFirst()) return;
    strip.store(means, chunk, mean);
    strip.store(squares, chunk, sum);
  }
};

// which every block that normalises a chunk puts together for itself (Chan, Golub & LeVeque, Updating Formulae and a
// Pairwise Algorithm for Computing Sample Variances, 1979).
struct NormalizedChunk {
  ChunkMoments moments;
  int64_t count;

  template <class Strip>
  __device__ void operator()(int64_t chunk, const Strip& strip) const {
    const BatchNorm& norm = moments.norm;
    const RowChunks& chunks = moments.chunks;
    const float n = static_cast<float>(chunks.rows);
    const auto sum = strip.sumOfRows(count, [&](int64_t row) {
      const float size = static_cast<float>(chunks.size(row));
      const auto mean = strip.load(moments.means, row);
      return strip.each([&](int i) { return mean.at[i] * size; });
    });
    const auto mean = strip.each([&](int i) { return sum.at[i] / n; });
    const auto sumOfSquares = strip.sumOfRows(count, [&](int64_t row) {
      const float size = static_cast<float>(chunks.size(row));
      const auto ofChunk = strip.load(moments.means, row), own = strip.load(moments.squares, row);
      return strip.each([&](int i) {
        const float distance = ofChunk.at[i] - mean.at[i];
        return own.at[i] + distance * distance * size;
      });
    });
    const auto variance = strip.each([&](int i) { return sumOfSquares.at[i] / n; });
    if (chunk == 0) norm.putMoments(strip, mean, variance);
    norm.normalize(strip, chunks.begin(chunk), chunks.size(chunk), mean, variance);
  }
};

}  // namespace

Kernel batchNormThen(const Activation& activation, const Instruction& op, const Attributes& batchNorm, const Context& context) {
  const Tensor& x = op.inputs[0];
  const int64_t width = x.columns();
  const BatchNorm norm{x.floats(), op.inputs[1].floats(), op.inputs[2].floats(),
                       op.outputs[0].floats(), op.outputs[1].floats(), op.outputs[2].floats(),
                       width, static_cast<float>(batchNorm.number("epsilon")), activation};
  const RowChunks chunks(x.rows());
  const int64_t count = chunks.count();
  if (count == 1) return forEachStrip(1, x.rows(), width, BatchNormStrip{norm, x.rows()});
  const ChunkMoments moments{norm, chunks, rowsOfChunks(chunks, width, context), rowsOfChunks(chunks, width, context)};
  return forEachStrip(count, chunks.length, width, moments) +
         forEachStrip(count, chunks.length, width, NormalizedChunk{moments, count});
}

Kernel batchNorm(const Instruction& op, const Context& context) { return batchNormThen({}, op, op.attributes, context); }

}  // namespace cuda_gan::cuda
