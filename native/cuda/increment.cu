// counter ← counter + 1.
#include "core/update.cuh"

namespace cuda_gan::cuda {

Kernel increment(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(), Increment{op.outputs[0].integers()});
}

}  // namespace cuda_gan::cuda
