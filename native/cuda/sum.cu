// Sums over axes, in the stages that program/sum-stages.h makes of them.
#include "../program/sum-stages.h"
#include "core/columns.cuh"

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

// Else a block for 32 columns of a chunk.
struct SumColumns {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  const float* x;
  float* y;
  int64_t length, chunks, inner, blocksPerRow;

  __device__ void operator()(int64_t block) const {
    const int64_t index = block / blocksPerRow;
    const int64_t column = block % blocksPerRow * warpLanes + threadIdx.x % warpLanes;
    const Chunk chunk(index, length, chunks);
    const bool inside = column < inner;
    const float sum =
        sumOfRows(chunk.count, [&](int64_t row) { return inside ? x[(chunk.first + row) * inner + column] : 0.0f; });
    if (inside && threadIdx.x < warpLanes) y[index * inner + column] = sum;
  }
};

Kernel sumChunks(const SumStage& stage, const float* x, float* y) {
  const int64_t count = stage.outer * stage.chunks;
  if (stage.inner == 1) return forEachRow(count, SumRow{x, y, stage.length, stage.chunks});
  const int64_t blocksPerRow = ceilDivide(stage.inner, warpLanes);
  return launch(SumColumns{x, y, stage.length, stage.chunks, stage.inner, blocksPerRow}, count * blocksPerRow);
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
