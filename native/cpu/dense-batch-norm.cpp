// h = f(x · kernel + bias), y = batchNorm(h): one after the other, while h is in cache.
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel denseBatchNorm(const Instruction& op, int threads) {
  const auto &in = op.inputs, &out = op.outputs;
  return dense({"dense", {in[0], in[1], in[2]}, {out[0]}, op.attributes}, threads) +
         batchNorm({"batchNorm", {out[0], in[3], in[4]}, {out[1], out[2], out[3]}, op.attributes}, threads);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
