// y = a / b, with NumPy's broadcasting.
#include "kernels.h"
#include "core/broadcast.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel divide(const Instruction& op, int) {
  return binary(op, [](Vec a, Vec b) { return a / b; });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
