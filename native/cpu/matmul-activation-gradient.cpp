// dx = (a · b) · f'(y): the product, then its slopes in place.
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmulActivationGradient(const Instruction& op, int threads) {
  const Tensor& dx = op.outputs[0];
  return matmul({"matmul", {op.inputs[0], op.inputs[1]}, {dx}, op.attributes}, threads) +
         activationGradient({"activationGradient", {dx, op.inputs[2]}, {dx}, op.attributes}, threads);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
