// y = scale · x + offset, element by element.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel affine(const Instruction& op, const Context&) {
  const float scale = static_cast<float>(op.number("scale"));
  const float offset = static_cast<float>(op.number("offset"));
  return elementwise(op, [=](Vec x) { return x * scale + offset; });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
