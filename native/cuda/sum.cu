// Sums over axes, in the stages that program/sum-stages.h makes of them.
#include "../program/sum-stages.h"
#include "core/elementwise.cuh"
#include "core/strips.cuh"

namespace cuda_gan::cuda {

namespace {

// The rows [first, first + count) of one chunk.
struct Chunk {
  int64_t first, count;

  __device__ Chunk(int64_t index, int64_t length, int64_t chunks) {
    const int64_t row = index % chunks * sumChunkLength, left = length - row;
    first = index / chunks * length + row;
    count = left < sumChunkLength ? left : sumChunkLength;
  }
};

// Where inner is 1: a warp for each chunk.
struct SumRow {
  const float* x;
  float* y;
  int64_t length, chunks;
  __device__ void operator()(int64_t index, int lane) const {
    const Chunk chunk(index, length, chunks);
    const float sum = sumOfRow(chunk.count, lane, [&](int64_t j) { return x[chunk.first + j]; });
    if (lane == 0) y[index] = sum;
  }
};

// Where few elements are summed: a thread for each sum.
struct SumOfFew {
  const float* x;
  float* y;
  int64_t length, inner;
  __device__ void operator()(int64_t index) const {
    const float* first = x + index / inner * length * inner + index % inner;
    float sum = 0;
#pragma unroll 4
    for (int64_t row = 0; row < length; row++) sum += first[row * inner];
    y[index] = sum;
  }
};

// Else strips of columns of every chunk.
struct SumOfColumns {
  const float* x;
  float* y;
  int64_t length, chunks;
  template <class Strip>
  __device__ void operator()(int64_t index, const Strip& strip) const {
    const Chunk chunk(index, length, chunks);
    const auto sum = strip.sumOfRows(chunk.count, [&](int64_t row) { return strip.load(x, chunk.first + row); });
    if (strip.isFirst()) strip.store(y, index, sum);
  }
};

Kernel sumChunks(const SumStage& stage, const float* x, float* y) {
  const auto& [outer, length, inner, chunks, last] = stage;
  constexpr int64_t few = 16;
  if (inner == 1) return forEachRow(outer * chunks, SumRow{x, y, length, chunks});
  if (length <= few) return forEach(outer * inner, SumOfFew{x, y, length, inner});
  return forEachStrip(outer * chunks, std::min(length, sumChunkLength), inner, SumOfColumns{x, y, length, chunks});
}

}  // namespace

Kernel sum(const Instruction& op, const Context& context) {
  Kernel kernel;
  const float* source = op.inputs[0].floats();
  for (const SumStage& stage : sumStages(op.inputs[0].shape, op.numbers("axes"))) {
    const int64_t size = stage.outer * stage.chunks * stage.inner;
    float* target = stage.last ? op.outputs[0].floats()
                               : static_cast<float*>(context.workspace(static_cast<size_t>(size) * sizeof(float)));
    kernel = kernel + sumChunks(stage, source, target);
    source = target;
  }
  return kernel;
}

}  // namespace cuda_gan::cuda
