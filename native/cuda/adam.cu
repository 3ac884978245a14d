// Adam (Kingma & Ba 2015): m ← β1 m + (1 - β1) g;  v ← β2 v + (1 - β2) g²;
// p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε).
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel adam(const Instruction& op, const Context&) {
  return forEach(op.inputs[0].size(), AdamOfElement{adamOf(op, op.attributes), op.inputs[gradientInput].floats()});
}

}  // namespace cuda_gan::cuda
