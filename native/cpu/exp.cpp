// y = eˣ, element by element.
#include "kernels.h"
#include "core/elementwise.h"
#include "core/math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel exp(const Instruction& op, int) {
  return unary(op, [](Vec x) { return exp(x); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
