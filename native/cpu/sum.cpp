// Sums over axes, in the stages that program/sum-stages.h makes of them.
#include "../program/sum-stages.h"
#include "core/columns.h"
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

// y [outer, chunks, inner] = sums over chunks of x [outer, length, inner] along its middle axis.
Phase sumChunks(const float* x, float* y, int64_t outer, int64_t length, int64_t inner) {
  const int64_t chunks = std::max<int64_t>(1, (length + sumChunkLength - 1) / sumChunkLength);
  const int64_t vectors = (inner + lanes - 1) / lanes;
  return {outer * chunks * vectors, [=](int64_t begin, int64_t end, const StepContext&) {
            for (int64_t task = begin; task < end; task++) {
              const int64_t chunk = task / vectors, first = task % vectors * lanes;
              const int64_t row = chunk % chunks * sumChunkLength, rows = std::min(sumChunkLength, length - row);
              const float* source = x + (chunk / chunks * length + row) * inner;
              float* target = y + chunk * inner;
              if (inner == 1) {
                *target = sumOfRow(rows, [](Vec value) { return value; }, source);
              } else {
                const Columns columns{first, std::min<int64_t>(lanes, inner - first), inner};
                columns.store(target, 0, sumOfRows(rows, [&](int64_t i) { return columns.load(source, i); }));
              }
            }
          }};
}

}  // namespace

Kernel sum(const Instruction& op, const Context& context) {
  Kernel kernel;
  const float* source = op.inputs[0].floats();
  for (const auto& [outer, length, inner, chunks, last] : sumStages(op.inputs[0].shape, op.numbers("axes"))) {
    float* target = last ? op.outputs[0].floats() : context.floats(outer * chunks * inner);
    kernel.push_back(sumChunks(source, target, outer, length, inner));
    source = target;
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
