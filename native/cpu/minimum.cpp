// y = min(a, b), with NumPy's broadcasting.
#include "kernels.h"
#include "core/broadcast.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel minimum(const Instruction& op, int) {
  return binary(op, [](Vec a, Vec b) { return min(a, b); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
