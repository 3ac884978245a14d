// v ← momentum · v - lr · g;  p ← p + v, or p + momentum · v - lr · g with Nesterov's correction.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel sgd(const Instruction& op, const Context&) {
  float *p = op.outputs[0].floats(), *v = op.outputs[1].floats();
  const float *g = op.inputs[2].floats(), *learningRate = op.inputs[3].floats();
  const float momentum = static_cast<float>(op.number("momentum"));
  const bool nesterov = op.flag("nesterov");
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    const float rate = *learningRate;
    mapRange(begin, end, v, [=](Vec old, Vec gradient) { return old * momentum - gradient * rate; }, v, g);
    if (nesterov) {
      mapRange(begin, end, p, [=](Vec pi, Vec vi, Vec gi) { return pi + vi * momentum - gi * rate; }, p, v, g);
    } else {
      mapRange(begin, end, p, [](Vec pi, Vec vi) { return pi + vi; }, p, v);
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
