// y = f(x), element by element, f from the table of activations.
#include "core/activations.h"
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel activation(const Instruction& op, const Context&) {
  return withActivation(op.attributes, [&](auto f) { return elementwise(op, [f](Vec x) { return f.value(x); }); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
