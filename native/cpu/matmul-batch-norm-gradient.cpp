// dy = a · b, then batchNormGradient at x, then dx · f'(x), all in dx's memory.
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel matmulBatchNormGradient(const Instruction& op, int threads) {
  const auto &in = op.inputs, &out = op.outputs;
  const Tensor &x = in[2], &dx = out[0];
  return matmul({"matmul", {in[0], in[1]}, {dx}, op.attributes}, threads) +
         batchNormGradient({"batchNormGradient", {x, in[3], in[4], in[5], dx}, out, op.attributes}, threads) +
         activationGradient({"activationGradient", {dx, x}, {dx}, op.attributes}, threads);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
