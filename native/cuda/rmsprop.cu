// s ← ρ s + (1 - ρ) g²;  p ← p - lr · g / √(s + ε).
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel rmsprop(const Instruction& op, const Context&) {
  const double rho = op.number("rho");
  return forEach(op.outputs[0].size(),
                 Rmsprop{op.outputs[0].floats(), op.outputs[1].floats(), op.inputs[2].floats(), op.inputs[3].floats(),
                         static_cast<float>(rho), static_cast<float>(1 - rho), static_cast<float>(op.number("epsilon"))});
}

}  // namespace cuda_gan::cuda
