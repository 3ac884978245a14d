// Sums over axes. Neighbouring axes that share a fate are joined; then each group of summed axes is one stage,
// x [outer, length, inner] to [outer, inner], long ones by way of partial sums of a fixed length.
#include <memory>

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

struct Group {
  int64_t length;
  bool summed;
};

std::vector<Group> groupsOf(const std::vector<int64_t>& shape, const std::vector<double>& axes) {
  std::vector<Group> groups;
  for (size_t i = 0; i < shape.size(); i++) {
    const bool summed = std::find(axes.begin(), axes.end(), static_cast<double>(i)) != axes.end();
    if (!groups.empty() && groups.back().summed == summed) {
      groups.back().length *= shape[i];
    } else {
      groups.push_back({shape[i], summed});
    }
  }
  return groups;
}

}  // namespace

Kernel sum(const Instruction& op, int) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  auto groups = groupsOf(op.inputs[0].shape, op.numbers("axes"));
  if (std::none_of(groups.begin(), groups.end(), [](const Group& group) { return group.summed; }))
    groups.push_back({1, true});

  const auto size = [&](size_t from, size_t to) {
    int64_t product = 1;
    for (size_t i = from; i < to; i++) product *= groups[i].length;
    return product;
  };
  const auto outermost = std::find_if(groups.begin(), groups.end(), [](const Group& group) { return group.summed; });
  Kernel kernel;
  Partials source;
  for (size_t i = groups.size(); i-- > 0;) {
    const int64_t outer = size(0, i), inner = size(i + 1, groups.size());
    while (groups[i].summed) {
      const int64_t length = groups[i].length, chunks = std::max<int64_t>(1, (length + chunkLength - 1) / chunkLength);
      const bool last = chunks == 1 && &groups[i] == &*outermost;
      const Partials target = last ? nullptr : partialsOf(outer * chunks * inner);
      const Phase phase = sumChunks(source ? source->data() : x, last ? y : target->data(), outer, length, inner);
      kernel.push_back(keeping(keeping(phase, source), target));
      source = target;
      groups[i] = {chunks, chunks > 1};
    }
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
