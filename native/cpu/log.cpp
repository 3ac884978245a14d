// y = ln x, element by element.
#include "kernels.h"
#include "core/elementwise.h"
#include "core/math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel log(const Instruction& op, int) {
  return unary(op, [](Vec x) { return log(x); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
