// v ← momentum · v - lr · g;  p ← p + v, or p + momentum · v - lr · g with Nesterov's correction.
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel sgd(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(),
                 Sgd{op.outputs[0].floats(), op.outputs[1].floats(), op.inputs[2].floats(), op.inputs[3].floats(),
                     static_cast<float>(op.number("momentum")), op.flag("nesterov")});
}

}  // namespace cuda_gan::cuda
