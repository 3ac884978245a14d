// y = scale · x + offset, element by element.
#include "core/elementwise.h"
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel affine(const Instruction& op, int) {
  const float scale = static_cast<float>(op.number("scale"));
  const float offset = static_cast<float>(op.number("offset"));
  return unary(op, [=](Vec x) { return x * scale + offset; });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
