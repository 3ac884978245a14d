// y = √x, element by element.
#include "kernels.h"
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel sqrt(const Instruction& op, int) {
  return unary(op, [](Vec x) { return sqrt(x); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
