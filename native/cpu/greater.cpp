// y = a > b as 1 or 0, with NumPy's broadcasting.
#include "kernels.h"
#include "core/broadcast.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel greater(const Instruction& op, int) {
  return binary(op, [](Vec a, Vec b) { return select(a > b, splat(1.0f), splat(0.0f)); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
