// Joins the inputs along one axis: each is copied to its place.
#include "core/strided-copy.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel concat(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  const Lengths strides = stridesOf(y.shape);
  const auto axis = static_cast<size_t>(op.number("axis"));
  Kernel kernel;
  float* target = y.floats();
  for (const Tensor& x : op.inputs) {
    for (const Phase& phase : copyBox({x.shape, stridesOf(x.shape), strides, x.floats(), target})) kernel.push_back(phase);
    target += x.shape[axis] * strides[axis];
  }
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
