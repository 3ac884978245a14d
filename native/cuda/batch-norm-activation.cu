// y = f(batchNorm), in the pass over x that normalises it.
#include "core/batch-norm.cuh"

namespace cuda_gan::cuda {

Kernel batchNormActivation(const Instruction& op, const Context& context) {
  return batchNormThen(activationOf(op.attributes.part("activation")), op, op.attributes.part("batchNorm"), context);
}

}  // namespace cuda_gan::cuda
