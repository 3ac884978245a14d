// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
#include "core/columns.cuh"

namespace cuda_gan::cuda {

namespace {

struct BatchNorm {
  const float *x, *gamma, *beta;
  float *y, *means, *variances;
  int64_t width;
  float epsilon;

  __device__ float at(int64_t row, int64_t column, bool inside) const {
    return inside ? x[row * width + column] : 0.0f;
  }

  // Of [begin, begin + rows).
  __device__ float meanOf(int64_t begin, int64_t rows, int64_t column, bool inside) const {
    return sumOfRows(rows, [&](int64_t row) { return at(begin + row, column, inside); }) / static_cast<float>(rows);
  }

  // Σ (x - mean)²
  __device__ float squaresOf(int64_t begin, int64_t rows, int64_t column, bool inside, float mean) const {
    return sumOfRows(rows, [&](int64_t row) {
      const float centered = at(begin + row, column, inside) - mean;
      return centered * centered;
    });
  }

  __device__ void normalize(int64_t begin, int64_t rows, int64_t column, float mean, float variance) const {
    const float scale = gamma[column] / sqrtf(variance + epsilon), offset = beta[column];
    forOwnRows(rows, [&](int64_t row) {
      y[(begin + row) * width + column] = (at(begin + row, column, true) - mean) * scale + offset;
    });
  }
};

// Column by column.
struct BatchNormColumns {
  BatchNorm norm;
  int64_t rows;

  __device__ void operator()(int64_t column, bool inside) const {
    const float mean = norm.meanOf(0, rows, column, inside);
    const float variance = norm.squaresOf(0, rows, column, inside, mean) / static_cast<float>(rows);
    if (!inside) return;
    norm.normalize(0, rows, column, mean, variance);
    if (!isFirstOfColumn(inside)) return;
    norm.means[column] = mean;
    norm.variances[column] = variance;
  }
};

// Or chunk by chunk: mean and squares of each, put together (Chan, Golub & LeVeque, Updating Formulae and a Pairwise
// Algorithm for Computing Sample Variances, 1979).
struct Moments {
  BatchNorm norm;
  RowChunks chunks;
  float *means, *squares;

  __device__ void operator()(int64_t chunk, int64_t column, bool inside) const {
    const int64_t begin = chunks.begin(chunk), rows = chunks.size(chunk);
    const float mean = norm.meanOf(begin, rows, column, inside),
                sum = norm.squaresOf(begin, rows, column, inside, mean);
    if (!isFirstOfColumn(inside)) return;
    means[chunk * norm.width + column] = mean;
    squares[chunk * norm.width + column] = sum;
  }
};

struct CombinedMoments {
  Moments moments;
  int64_t count;

  __device__ void operator()(int64_t column, bool inside) const {
    const float n = static_cast<float>(moments.chunks.rows);
    const auto sizeOf = [&](int64_t chunk) { return static_cast<float>(moments.chunks.size(chunk)); };
    const auto of = [&](const float* rows, int64_t chunk) {
      return inside ? rows[chunk * moments.norm.width + column] : 0.0f;
    };
    const float mean = sumOfRows(count, [&](int64_t chunk) { return of(moments.means, chunk) * sizeOf(chunk); }) / n;
    const float sum = sumOfRows(count, [&](int64_t chunk) {
      const float distance = of(moments.means, chunk) - mean;
      return of(moments.squares, chunk) + distance * distance * sizeOf(chunk);
    });
    if (!isFirstOfColumn(inside)) return;
    moments.norm.means[column] = mean;
    moments.norm.variances[column] = sum / n;
  }
};

struct NormalizedChunk {
  BatchNorm norm;
  RowChunks chunks;

  __device__ void operator()(int64_t chunk, int64_t column, bool inside) const {
    if (inside)
      norm.normalize(chunks.begin(chunk), chunks.size(chunk), column, norm.means[column], norm.variances[column]);
  }
};

}  // namespace

Kernel batchNorm(const Instruction& op, const Context& context) {
  const Tensor& x = op.inputs[0];
  const BatchNorm norm{x.floats(), op.inputs[1].floats(), op.inputs[2].floats(),
                       op.outputs[0].floats(), op.outputs[1].floats(), op.outputs[2].floats(),
                       x.columns(), static_cast<float>(op.number("epsilon"))};
  const RowChunks chunks(x.rows(), x.columns());
  if (!chunks.pay()) return forEachColumn(x.columns(), BatchNormColumns{norm, x.rows()});
  const Moments moments{norm, chunks, rowsOfChunks(chunks, context), rowsOfChunks(chunks, context)};
  return forEachChunk(chunks, moments) + forEachColumn(x.columns(), CombinedMoments{moments, chunks.count()}) +
         forEachChunk(chunks, NormalizedChunk{norm, chunks});
}

}  // namespace cuda_gan::cuda
