// y[i, labels[i]] = 1, else 0; a row of zeros for a label outside [0, classes).
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel oneHot(const Instruction& op, const Context&) {
  const int32_t* labels = op.inputs[0].integers();
  float* y = op.outputs[0].floats();
  const int64_t classes = op.outputs[0].columns();
  return rowBlocks(op.inputs[0].size(), classes, [=](int64_t i) {
    float* row = y + i * classes;
    std::fill(row, row + classes, 0.0f);
    if (labels[i] >= 0 && labels[i] < classes) row[labels[i]] = 1.0f;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
