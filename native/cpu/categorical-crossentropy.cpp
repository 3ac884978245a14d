// Σ t · (logsumexp(z) - z) over every row.
#include "core/math.h"
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel categoricalCrossentropy(const Instruction& op, const Context&) {
  const float *logits = op.inputs[0].floats(), *targets = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  const int64_t length = op.inputs[0].columns();
  return rowBlocks(op.inputs[0].rows(), length, [=](int64_t i) {
    const float *z = logits + i * length, *t = targets + i * length;
    const float largest = maxOfRow(z, length);
    const float sum = sumOfRow(length, [=](Vec value) { return exp(value - largest); }, z);
    const float logSum = log(splat(sum))[0];
    y[i] = sumOfRow(length, [=](Vec value, Vec target) { return target * (logSum - (value - largest)); }, z, t);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
