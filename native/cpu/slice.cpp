// The box of x that starts at `begin` and has y's shape.
#include "core/strided-copy.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel slice(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  const Lengths strides = stridesOf(x.shape);
  const auto& begin = op.numbers("begin");
  int64_t offset = 0;
  for (size_t i = 0; i < begin.size(); i++) offset += static_cast<int64_t>(begin[i]) * strides[i];
  return copyBox({y.shape, strides, stridesOf(y.shape), x.floats() + offset, y.floats()});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
