// y[.., i, ..] = x[.., length - 1 - i, ..] along some axes: these are read from their ends, by strides below 0.
#include "core/strided-copy.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel reverse(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  Lengths strides = stridesOf(x.shape);
  int64_t last = 0;
  for (double number : op.numbers("axes")) {
    const auto axis = static_cast<size_t>(number);
    last += (x.shape[axis] - 1) * strides[axis];
    strides[axis] *= -1;
  }
  return copyBox({y.shape, strides, stridesOf(y.shape), x.floats() + last, y.floats()});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
