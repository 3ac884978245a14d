// v ← momentum · v + (1 - momentum) · x.
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel movingAverage(const Instruction& op, const Context&) {
  const double momentum = op.number("momentum");
  return forEach(op.outputs[0].size(), MovingAverage{static_cast<float>(momentum), static_cast<float>(1 - momentum),
                                                     op.inputs[1].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
