// y = value in every element.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel fill(const Instruction& op, const Context&) {
  float* y = op.outputs[0].floats();
  const float value = static_cast<float>(op.number("value"));
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) { std::fill(y + begin, y + end, value); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
