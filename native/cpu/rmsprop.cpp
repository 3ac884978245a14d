// s ← ρ s + (1 - ρ) g²;  p ← p - lr · g / √(s + ε).
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel rmsprop(const Instruction& op, const Context&) {
  float *p = op.outputs[0].floats(), *s = op.outputs[1].floats();
  const float *g = op.inputs[2].floats(), *learningRate = op.inputs[3].floats();
  const float kept = static_cast<float>(op.number("rho")), added = static_cast<float>(1 - op.number("rho"));
  const float epsilon = static_cast<float>(op.number("epsilon"));
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    const float rate = *learningRate;
    mapRange(begin, end, s, [=](Vec old, Vec gi) { return old * kept + gi * gi * added; }, s, g);
    mapRange(begin, end, p, [=](Vec pi, Vec gi, Vec si) { return pi - gi * rate / sqrt(si + epsilon); }, p, g, s);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
