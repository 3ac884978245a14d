// v ← momentum · v + (1 - momentum) · x.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel movingAverage(const Instruction& op, const Context&) {
  const float* x = op.inputs[1].floats();
  float* v = op.outputs[0].floats();
  const float kept = static_cast<float>(op.number("momentum")), added = static_cast<float>(1 - op.number("momentum"));
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    mapRange(begin, end, v, [=](Vec old, Vec value) { return old * kept + value * added; }, v, x);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
