// batchNormGradient of dy · f'(y), where y = f(batchNorm). The slope follows from x again, so that y is not read.
#include "core/batch-norm.cuh"

namespace cuda_gan::cuda {

Kernel batchNormActivationGradient(const Instruction& op, const Context& context) {
  const auto& in = op.inputs;  // x, gamma, beta, mean, variance, dy
  return batchNormGradientAfter(activationOf(op.attributes.part("activation")), &in[2],
                                {"batchNormGradient", {in[0], in[1], in[3], in[4], in[5]}, op.outputs, {}},
                                op.attributes.part("batchNorm"), context);
}

}  // namespace cuda_gan::cuda
