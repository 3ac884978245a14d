// x at position `before` in a tensor of zeros.
#include "core/strided-copy.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel pad(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  const Lengths strides = stridesOf(y.shape);
  const auto& before = op.numbers("before");
  int64_t offset = 0;
  for (size_t i = 0; i < before.size(); i++) offset += static_cast<int64_t>(before[i]) * strides[i];
  float* zeros = y.floats();
  Kernel kernel = blocks(y.size(), [=](int64_t begin, int64_t end) { std::fill(zeros + begin, zeros + end, 0.0f); });
  for (const Phase& phase : copyBox({x.shape, stridesOf(x.shape), strides, x.floats(), y.floats() + offset}))
    kernel.push_back(phase);
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
