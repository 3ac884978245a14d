// The kernels of the cpu device, one per op, each in the file of its name.
#pragma once
#include "kernel.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel abs(const Instruction& op, int threads);
Kernel activation(const Instruction& op, int threads);
Kernel activationGradient(const Instruction& op, int threads);
Kernel adam(const Instruction& op, int threads);
Kernel add(const Instruction& op, int threads);
Kernel affine(const Instruction& op, int threads);
Kernel argMax(const Instruction& op, int threads);
Kernel assign(const Instruction& op, int threads);
Kernel batchNorm(const Instruction& op, int threads);
Kernel batchNormGradient(const Instruction& op, int threads);
Kernel batchRow(const Instruction& op, int threads);
Kernel binaryCrossentropy(const Instruction& op, int threads);
Kernel binaryCrossentropyGradient(const Instruction& op, int threads);
Kernel broadcastTo(const Instruction& op, int threads);
Kernel categoricalCrossentropy(const Instruction& op, int threads);
Kernel concat(const Instruction& op, int threads);
Kernel dense(const Instruction& op, int threads);
Kernel denseBatchNorm(const Instruction& op, int threads);
Kernel divide(const Instruction& op, int threads);
Kernel dropout(const Instruction& op, int threads);
Kernel equal(const Instruction& op, int threads);
Kernel exp(const Instruction& op, int threads);
Kernel fill(const Instruction& op, int threads);
Kernel gather(const Instruction& op, int threads);
Kernel greater(const Instruction& op, int threads);
Kernel increment(const Instruction& op, int threads);
Kernel log(const Instruction& op, int threads);
Kernel matmul(const Instruction& op, int threads);
Kernel matmulActivationGradient(const Instruction& op, int threads);
Kernel matmulAdam(const Instruction& op, int threads);
Kernel matmulBatchNormGradient(const Instruction& op, int threads);
Kernel maximum(const Instruction& op, int threads);
Kernel minimum(const Instruction& op, int threads);
Kernel movingAverage(const Instruction& op, int threads);
Kernel multiply(const Instruction& op, int threads);
Kernel normalize(const Instruction& op, int threads);
Kernel oneHot(const Instruction& op, int threads);
Kernel pad(const Instruction& op, int threads);
Kernel randomIntegers(const Instruction& op, int threads);
Kernel randomNormal(const Instruction& op, int threads);
Kernel randomUniform(const Instruction& op, int threads);
Kernel rmsprop(const Instruction& op, int threads);
Kernel scatterAdd(const Instruction& op, int threads);
Kernel sgd(const Instruction& op, int threads);
Kernel sign(const Instruction& op, int threads);
Kernel slice(const Instruction& op, int threads);
Kernel softmax(const Instruction& op, int threads);
Kernel sqrt(const Instruction& op, int threads);
Kernel subtract(const Instruction& op, int threads);
Kernel sum(const Instruction& op, int threads);
Kernel transpose(const Instruction& op, int threads);

const KernelTable& kernels();

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
