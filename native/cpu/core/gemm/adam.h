// A gradient that is a product, used up by Adam row by row while it is in the first-level cache.
#pragma once
#include "../adam.h"
#include "gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The finish of a product that updates parameters [.., stride], of which its columns begin at `column`.
struct ApplyAdam {
  AdamState state;
  const float* rate;
  int64_t stride, column;

  void operator()(const RowMajorSink& gradient, int64_t row, int64_t rowEnd, int64_t begin, int64_t end) const {
    const AdamUpdate update(state, *rate);
    for (; row < rowEnd; row++) {
      const float* g = gradient.at(row);
      const int64_t first = row * stride + column;
      int64_t j = begin;
      for (; j + lanes <= end; j += lanes) update.apply(first + j, load(g + j));
      if (j < end) update.applyPartial(first + j, end - j, loadPartial(g + j, end - j));
    }
  }
};

// What makes a gradient [.., columns] of `depth` terms and uses it up: `product(gather, apply)` makes the kernel.
template <typename Product>
Kernel withAdam(const Instruction& op, int64_t columns, int64_t depth, const Context& context, Product product) {
  const AdamState state(op, op.attributes.part("adam"));
  float* rate = context.floats(1);
  float* partial = depth > blockDepth ? context.floats(op.outputs[0].size()) : nullptr;
  const Phase computeRate{1, [=](int64_t, int64_t, const StepContext&) { *rate = state.rate(); }};
  return Kernel{computeRate} + product(Gather{partial, columns}, ApplyAdam{state, rate, columns, 0});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
