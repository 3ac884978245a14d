// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
#include "core/columns.cuh"

namespace cuda_gan::cuda {

namespace {

struct BatchNormGradient {
  const float *x, *gamma, *means, *variances, *dy;
  float *dx, *dgammas, *dbetas;
  int64_t rows, width;
  float epsilon;

  // A column, with what all of its rows need.
  struct Column {
    int64_t index;
    bool inside;
    float mean, inverse;
  };
  __device__ Column columnOf(int64_t index, bool inside) const {
    return {index, inside, inside ? means[index] : 0.0f, inside ? 1.0f / sqrtf(variances[index] + epsilon) : 0.0f};
  }

  __device__ float h(int64_t row, const Column& column) const {
    return (x[row * width + column.index] - column.mean) * column.inverse;
  }
  __device__ float slope(int64_t row, const Column& column) const {
    return column.inside ? dy[row * width + column.index] : 0.0f;
  }

  // Of [begin, begin + count).
  __device__ float sumOfSlopes(int64_t begin, int64_t count, const Column& column) const {
    return sumOfRows(count, [&](int64_t row) { return slope(begin + row, column); });
  }
  __device__ float sumOfProducts(int64_t begin, int64_t count, const Column& column) const {
    return sumOfRows(count, [&](int64_t row) {
      return column.inside ? slope(begin + row, column) * h(begin + row, column) : 0.0f;
    });
  }

  __device__ void finish(int64_t begin, int64_t count, const Column& column, float dgamma, float dbeta) const {
    const float n = static_cast<float>(rows), scale = gamma[column.index] * column.inverse;
    forOwnRows(count, [&](int64_t i) {
      const int64_t row = begin + i;
      dx[row * width + column.index] = (slope(row, column) - dbeta / n - h(row, column) * (dgamma / n)) * scale;
    });
  }
};

// Column by column.
struct GradientColumns {
  BatchNormGradient gradient;

  __device__ void operator()(int64_t index, bool inside) const {
    const auto column = gradient.columnOf(index, inside);
    const float dbeta = gradient.sumOfSlopes(0, gradient.rows, column);
    const float dgamma = gradient.sumOfProducts(0, gradient.rows, column);
    if (inside) gradient.finish(0, gradient.rows, column, dgamma, dbeta);
    if (!isFirstOfColumn(inside)) return;
    gradient.dgammas[index] = dgamma;
    gradient.dbetas[index] = dbeta;
  }
};

// Or chunk by chunk: the sums of each, their sums, and then what follows from them.
struct ChunkSums {
  BatchNormGradient gradient;
  RowChunks chunks;
  float *dgammas, *dbetas;

  __device__ void operator()(int64_t chunk, int64_t index, bool inside) const {
    const auto column = gradient.columnOf(index, inside);
    const int64_t begin = chunks.begin(chunk), count = chunks.size(chunk);
    const float dbeta = gradient.sumOfSlopes(begin, count, column);
    const float dgamma = gradient.sumOfProducts(begin, count, column);
    if (!isFirstOfColumn(inside)) return;
    dgammas[chunk * chunks.width + index] = dgamma;
    dbetas[chunk * chunks.width + index] = dbeta;
  }
};

struct SumsOfChunks {
  ChunkSums sums;
  int64_t count;

  __device__ void operator()(int64_t index, bool inside) const {
    const auto total = [&](const float* rows) {
      return sumOfRows(count, [&](int64_t chunk) { return inside ? rows[chunk * sums.chunks.width + index] : 0.0f; });
    };
    const float dbeta = total(sums.dbetas), dgamma = total(sums.dgammas);
    if (!isFirstOfColumn(inside)) return;
    sums.gradient.dgammas[index] = dgamma;
    sums.gradient.dbetas[index] = dbeta;
  }
};

struct FinishedChunk {
  BatchNormGradient gradient;
  RowChunks chunks;

  __device__ void operator()(int64_t chunk, int64_t index, bool inside) const {
    if (!inside) return;
    gradient.finish(chunks.begin(chunk), chunks.size(chunk), gradient.columnOf(index, inside), gradient.dgammas[index],
                    gradient.dbetas[index]);
  }
};

}  // namespace

Kernel batchNormGradient(const Instruction& op, const Context& context) {
  const Tensor& x = op.inputs[0];
  const BatchNormGradient gradient{x.floats(),
                                   op.inputs[1].floats(),
                                   op.inputs[2].floats(),
                                   op.inputs[3].floats(),
                                   op.inputs[4].floats(),
                                   op.outputs[0].floats(),
                                   op.outputs[1].floats(),
                                   op.outputs[2].floats(),
                                   x.rows(),
                                   x.columns(),
                                   static_cast<float>(op.number("epsilon"))};
  const RowChunks chunks(x.rows(), x.columns());
  if (!chunks.pay()) return forEachColumn(x.columns(), GradientColumns{gradient});
  const ChunkSums sums{gradient, chunks, rowsOfChunks(chunks, context), rowsOfChunks(chunks, context)};
  return forEachChunk(chunks, sums) + forEachColumn(x.columns(), SumsOfChunks{sums, chunks.count()}) +
         forEachChunk(chunks, FinishedChunk{gradient, chunks});
}

}  // namespace cuda_gan::cuda
