// y = e^(x - max) / Σ e^(x - max) over every row.
#include "core/math.h"
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel softmax(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  const int64_t length = op.outputs[0].columns();
  return rowBlocks(op.outputs[0].rows(), length, [=](int64_t i) {
    const float* from = x + i * length;
    float* to = y + i * length;
    const float largest = maxOfRow(from, length);
    mapRange(0, length, to, [=](Vec value) { return exp(value - largest); }, from);
    const float sum = sumOfRow(length, [](Vec value) { return value; }, to);
    mapRange(0, length, to, [=](Vec value) { return value / sum; }, to);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
