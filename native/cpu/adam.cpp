// Adam (Kingma & Ba 2015): m ← β1 m + (1 - β1) g;  v ← β2 v + (1 - β2) g²;
// p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε).
#include "core/adam.h"

#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel adam(const Instruction& op, const Context&) {
  const AdamState state(op, op.attributes);
  const float* gradient = op.inputs[gradientInput].floats();
  return blocks(op.inputs[0].size(), [=](int64_t begin, int64_t end) {
    const AdamUpdate update(state, state.rate());
    int64_t i = begin;
    for (; i + lanes <= end; i += lanes) update.apply(i, load(gradient + i));
    if (i < end) update.applyPartial(i, end - i, loadPartial(gradient + i, end - i));
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
