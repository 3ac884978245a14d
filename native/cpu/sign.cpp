// y = -1, 0 or 1, element by element.
#include "kernels.h"
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel sign(const Instruction& op, int) {
  return unary(op, [](Vec x) { return select(x > 0, splat(1.0f), select(x < 0, splat(-1.0f), x)); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
