// Dimension i of y is dimension permutation[i] of x.
#include "core/box.cuh"

namespace cuda_gan::cuda {

Kernel transpose(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  const Lengths own = stridesOf(x.shape);
  Lengths strides;
  for (double axis : op.numbers("permutation")) strides.push_back(own[static_cast<size_t>(axis)]);
  return copyBox(y.shape, strides, stridesOf(y.shape), x.floats(), y.floats());
}

}  // namespace cuda_gan::cuda
