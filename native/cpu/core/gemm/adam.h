// A gradient that is a product, used up by Adam row by row while it is in the first-level cache.
#pragma once
#include "../adam.h"
#include "gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The finish of a product that updates parameters [.., stride], of which its own begin at `first`.
struct ApplyAdam {
  AdamState state;
  const float* rate;
  int64_t stride, first;

  void operator()(const RowMajorSink& gradient, int64_t row, int64_t rowEnd, int64_t begin, int64_t end) const {
    const AdamUpdate update(state, *rate);
    for (; row < rowEnd; row++) {
      const float* g = gradient.at(row);
      const int64_t at = first + row * stride;
      int64_t j = begin;
      for (; j + lanes <= end; j += lanes) update.apply(at + j, load(g + j));
      if (j < end) update.applyPartial(at + j, end - j, loadPartial(g + j, end - j));
    }
  }
};

// What makes a gradient [.., columns] and uses it up: `product(apply)` makes the kernel.
template <typename Product>
Kernel withAdam(const Instruction& op, int64_t columns, const Context& context, Product product) {
  const AdamState state(op, op.attributes.part("adam"));
  float* rate = context.floats(1);
  const Phase computeRate{1, [=](int64_t, int64_t, const StepContext&) { *rate = state.rate(); }};
  return Kernel{computeRate} + product(ApplyAdam{state, rate, columns, 0});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
