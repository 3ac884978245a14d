// Sums over axes, in the stages that program/sum-stages.h makes of them.
#include <memory>

#include "../program/sum-stages.h"
#include "core/columns.h"
#include "core/rows.h"
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

constexpr int64_t chunkLength = 1024;

// y [outer, chunks, inner] = sums over chunks of x [outer, length, inner] along its middle axis.
Phase sumChunks(const float* x, float* y, int64_t outer, int64_t length, int64_t inner) {
  const int64_t chunks = std::max<int64_t>(1, (length + chunkLength - 1) / chunkLength);
  const int64_t vectors = (inner + lanes - 1) / lanes;
  return {outer * chunks * vectors, [=](int64_t begin, int64_t end, const StepContext&) {
            for (int64_t task = begin; task < end; task++) {
              const int64_t chunk = task / vectors, first = task % vectors * lanes;
              const int64_t row = chunk % chunks * chunkLength, rows = std::min(chunkLength, length - row);
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

// Memory for partial sums, kept alive by the phases that use it.
using Partials = std::shared_ptr<std::vector<float>>;

Partials partialsOf(int64_t size) { return std::make_shared<std::vector<float>>(static_cast<size_t>(size)); }

Phase keeping(Phase phase, Partials memory) {
  return {phase.tasks, [run = std::move(phase.run), memory = std::move(memory)](
                           int64_t begin, int64_t end, const StepContext& context) { run(begin, end, context); }};
}

}  // namespace

Kernel sum(const Instruction& op, int) {
  Kernel kernel;
  const float* x = op.inputs[0].floats();
  Partials source;
  for (const auto& [outer, length, inner, chunks, last] : sumStages(op.inputs[0].shape, op.numbers("axes"), chunkLength)) {
    const Partials target = last ? nullptr : partialsOf(outer * chunks * inner);
    float* y = last ? op.outputs[0].floats() : target->data();
    kernel.push_back(keeping(keeping(sumChunks(source ? source->data() : x, y, outer, length, inner), source), target));
    source = target;
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
