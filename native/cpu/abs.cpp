// y = |x|, element by element.
#include "kernels.h"
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel abs(const Instruction& op, int) {
  return unary(op, [](Vec x) { return abs(x); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
