// Adam with the gradient Σ x over all axes but the last: each column is summed and used up.
#include "core/adam.cuh"
#include "core/strips.cuh"

namespace cuda_gan::cuda {

namespace {

struct SumAndUpdate {
  Adam adam;
  const float* x;
  int64_t rows;

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const auto gradient = strip.sumOfRows(rows, [&](int64_t row) { return strip.load(x, row); });
    if (strip.isFirst()) update(gradient.at, strip.column);
  }

 private:
  template <int n>
  __device__ void update(const float (&gradient)[n], int64_t column) const {
    int64_t at[n];
    bool inside[n];
    for (int i = 0; i < n; i++) {
      at[i] = column + i;
      inside[i] = true;
    }
    adam.update(at, gradient, inside, adam.rate());
  }
};

// Or by way of the sums of chunks.
struct SumOfChunk {
  RowChunks chunks;
  const float* x;
  float* sums;

  template <class Strip>
  __device__ void operator()(int64_t chunk, const Strip& strip) const {
    const int64_t begin = chunks.begin(chunk);
    const auto sum = strip.sumOfRows(chunks.size(chunk), [&](int64_t row) { return strip.load(x, begin + row); });
    if (strip.isFirst()) strip.store(sums, chunk, sum);
  }
};

}  // namespace

Kernel sumAdam(const Instruction& op, const Context& context) {
  const Tensor& x = op.inputs[gradientInput];
  const int64_t width = x.columns();
  const Adam adam = adamOf(op, op.attributes.part("adam"));
  const RowChunks chunks(x.rows());
  const int64_t count = chunks.count();
  if (count == 1) return forEachStrip(1, x.rows(), width, SumAndUpdate{adam, x.floats(), x.rows()});
  float* sums = rowsOfChunks(chunks, width, context);
  return forEachStrip(count, chunks.length, width, SumOfChunk{chunks, x.floats(), sums}) +
         forEachStrip(1, count, width, SumAndUpdate{adam, sums, count});
}

}  // namespace cuda_gan::cuda
