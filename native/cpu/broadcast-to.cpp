// Repeats x along dimensions of length 1, and along new leading ones.
#include "core/strided-copy.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel broadcastTo(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  const Lengths own = stridesOf(x.shape);
  Lengths strides(y.shape.size(), 0);
  const size_t added = y.shape.size() - x.shape.size();
  for (size_t i = 0; i < own.size(); i++)
    if (x.shape[i] != 1) strides[added + i] = own[i];
  return copyBox({y.shape, strides, stridesOf(y.shape), x.floats(), y.floats()});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
