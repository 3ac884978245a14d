// y = min(a, b), with NumPy's broadcasting. NaN where either is.
#include "kernels.h"
#include "core/broadcast.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel minimum(const Instruction& op, int) {
  return binary(op, [](Vec a, Vec b) { return select((a < b) | (a != a), a, b); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
