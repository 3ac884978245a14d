// Batch normalisation with what comes after it, and its gradient with what comes before: an activation, which may be linear.
#pragma once
#include "activations.cuh"

namespace cuda_gan::cuda {

// y = f(batchNorm); `op` has the inputs and outputs of a batchNorm. In batch-norm.cu.
Kernel batchNormThen(const Activation& activation, const Instruction& op, const Attributes& batchNorm, const Context& context);

// The gradient of batchNorm for dy · f'(y), where y = f(batchNorm); `op` has the inputs and outputs of a batchNormGradient.
// y follows from `beta` again, which a linear activation does not need. In batch-norm-gradient.cu.
Kernel batchNormGradientAfter(const Activation& activation, const Tensor* beta, const Instruction& op, const Attributes& batchNorm,
                              const Context& context);

}  // namespace cuda_gan::cuda
