// batchNormGradient of dy · f'(y), where y = f(batchNorm). The slope follows from x again, so that y is not read.
#include "core/batch-norm-gradient.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchNormActivationGradient(const Instruction& op, const Context& context) {
  const auto in = [&](size_t i) { return op.inputs[i].floats(); };
  const float epsilon = static_cast<float>(op.attributes.part("batchNorm").number("epsilon"));
  const NormalizedInput input{in(0), in(1), in(2), in(3), in(4), epsilon};
  return withActivation(op.attributes.part("activation"), [&](auto f) {
    return gradientOfBatchNorm(input, GradientThrough<decltype(f)>{in(5), f}, op, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
