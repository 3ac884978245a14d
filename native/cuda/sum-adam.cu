// Adam with the gradient Σ x over all axes but the last: each column is summed and used up.
#include "core/columns.cuh"
#include "core/elements.cuh"

namespace cuda_gan::cuda {

namespace {

struct SumAndUpdate {
  Adam adam;
  const float* x;
  int64_t rows, width;

  __device__ void operator()(int64_t column, bool inside) const {
    const float gradient = sumOfRows(rows, [&](int64_t row) { return inside ? x[row * width + column] : 0.0f; });
    if (isFirstOfColumn(inside)) adam.update<1>({column}, {gradient}, {true}, adam.rate());
  }
};

struct SumOfChunk {
  RowChunks chunks;
  const float* x;
  float* sums;

  __device__ void operator()(int64_t chunk, int64_t column, bool inside) const {
    const float* first = x + chunks.begin(chunk) * chunks.width + column;
    const float sum =
        sumOfRows(chunks.size(chunk), [&](int64_t row) { return inside ? first[row * chunks.width] : 0.0f; });
    if (isFirstOfColumn(inside)) sums[chunk * chunks.width + column] = sum;
  }
};

}  // namespace

Kernel sumAdam(const Instruction& op, const Context& context) {
  const Tensor& x = op.inputs[gradientInput];
  const Adam adam = adamOf(op, op.attributes.part("adam"));
  const RowChunks chunks(x.rows(), x.columns());
  if (!chunks.pay()) return forEachColumn(x.columns(), SumAndUpdate{adam, x.floats(), x.rows(), x.columns()});
  float* sums = rowsOfChunks(chunks, context);
  return forEachChunk(chunks, SumOfChunk{chunks, x.floats(), sums}) +
         sinkSums(sums, chunks.count(), x.columns(), x.columns(), AdamSink{adam});
}

}  // namespace cuda_gan::cuda
