// Adam with the gradient Σ x over all axes but the last: each column is summed and used up.
#include "core/update.cuh"

namespace cuda_gan::cuda {

namespace {

// Sums of chunks, where there are several.
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
  if (count == 1) return forEachStrip(1, x.rows(), width, AdamOfSums{adam, x.floats(), x.rows()});
  float* sums = rowsOfChunks(chunks, width, context);
  return forEachStrip(count, chunks.length, width, SumOfChunk{chunks, x.floats(), sums}) +
         forEachStrip(1, count, width, AdamOfSums{adam, sums, count});
}

}  // namespace cuda_gan::cuda
