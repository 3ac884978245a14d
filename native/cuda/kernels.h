// The kernels of the cuda device, one per op, each in the file of its name.
#pragma once
#include "kernel.h"

namespace cuda_gan::cuda {

Kernel abs(const Instruction& op, const Context& context);
Kernel activation(const Instruction& op, const Context& context);
Kernel activationGradient(const Instruction& op, const Context& context);
Kernel adam(const Instruction& op, const Context& context);
Kernel add(const Instruction& op, const Context& context);
Kernel affine(const Instruction& op, const Context& context);
Kernel argMax(const Instruction& op, const Context& context);
Kernel assign(const Instruction& op, const Context& context);
Kernel batchNorm(const Instruction& op, const Context& context);
Kernel batchNormGradient(const Instruction& op, const Context& context);
Kernel batchRow(const Instruction& op, const Context& context);
Kernel binaryCrossentropy(const Instruction& op, const Context& context);
Kernel binaryCrossentropyGradient(const Instruction& op, const Context& context);
Kernel broadcastTo(const Instruction& op, const Context& context);
Kernel categoricalCrossentropy(const Instruction& op, const Context& context);
Kernel concat(const Instruction& op, const Context& context);
Kernel dense(const Instruction& op, const Context& context);
Kernel denseBatchNorm(const Instruction& op, const Context& context);
Kernel divide(const Instruction& op, const Context& context);
Kernel dropout(const Instruction& op, const Context& context);
Kernel equal(const Instruction& op, const Context& context);
Kernel exp(const Instruction& op, const Context& context);
Kernel fill(const Instruction& op, const Context& context);
Kernel gather(const Instruction& op, const Context& context);
Kernel greater(const Instruction& op, const Context& context);
Kernel increment(const Instruction& op, const Context& context);
Kernel log(const Instruction& op, const Context& context);
Kernel matmul(const Instruction& op, const Context& context);
Kernel matmulActivationGradient(const Instruction& op, const Context& context);
Kernel matmulAdam(const Instruction& op, const Context& context);
Kernel matmulBatchNormGradient(const Instruction& op, const Context& context);
Kernel maximum(const Instruction& op, const Context& context);
Kernel minimum(const Instruction& op, const Context& context);
Kernel movingAverage(const Instruction& op, const Context& context);
Kernel multiply(const Instruction& op, const Context& context);
Kernel normalize(const Instruction& op, const Context& context);
Kernel oneHot(const Instruction& op, const Context& context);
Kernel pad(const Instruction& op, const Context& context);
Kernel randomIntegers(const Instruction& op, const Context& context);
Kernel randomNormal(const Instruction& op, const Context& context);
Kernel randomUniform(const Instruction& op, const Context& context);
Kernel rmsprop(const Instruction& op, const Context& context);
Kernel scatterAdd(const Instruction& op, const Context& context);
Kernel sgd(const Instruction& op, const Context& context);
Kernel sign(const Instruction& op, const Context& context);
Kernel slice(const Instruction& op, const Context& context);
Kernel softmax(const Instruction& op, const Context& context);
Kernel sqrt(const Instruction& op, const Context& context);
Kernel subtract(const Instruction& op, const Context& context);
Kernel sum(const Instruction& op, const Context& context);
Kernel transpose(const Instruction& op, const Context& context);

const KernelTable& kernels();

}  // namespace cuda_gan::cuda
