// dx = dy · f'(x), with f' by y = f(x).
#include "core/activations.h"
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel activationGradient(const Instruction& op, const Context&) {
  const float* dy = op.inputs[0].floats();
  const float* y = op.inputs[1].floats();
  float* dx = op.outputs[0].floats();
  const int64_t size = op.outputs[0].size();
  return withActivation(op.attributes, [&](auto f) {
    return blocks(size, [=](int64_t begin, int64_t end) {
      mapRange(begin, end, dx, [f](Vec gradient, Vec value) { return gradient * f.slope(value); }, dy, y);
    });
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
