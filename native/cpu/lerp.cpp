// v ← v + weight · (x - v), from the nearer end, so that a weight of 1 makes v the same bits as x.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel lerp(const Instruction& op, const Context&) {
  const float *x = op.inputs[1].floats(), *weight = op.inputs[2].floats();
  float* v = op.outputs[0].floats();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    const float share = *weight, rest = 1 - share;
    if (share < 0.5f) {
      mapRange(begin, end, v, [=](Vec from, Vec to) { return from + (to - from) * share; }, v, x);
    } else {
      mapRange(begin, end, v, [=](Vec from, Vec to) { return to - (to - from) * rest; }, v, x);
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
