// y = f(x), element by element, f from the table of activations.
#include "core/activations.h"
#include "core/elementwise.h"
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel activation(const Instruction& op, int) {
  const float alpha = static_cast<float>(op.number("alpha"));
  return withActivation(op.text("kind"), alpha,
                        [&](auto f) { return unary(op, [f](Vec x) { return f.value(x); }); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
