// f(conv2d + bias), bias [out], applied to blocks of y while they are in the cache.
#include "core/conv2d.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel conv2dActivation(const Instruction& op, const Context& context) {
  const Attributes convolution = op.attributes.part("conv2d");
  return withActivation(op.attributes.part("activation"), [&](auto f) {
    const AddBias<decltype(f)> end{op.inputs[2].floats(), f};
    return convolve(op.inputs[0], op.inputs[1], op.outputs[0], convolution, end, context);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
