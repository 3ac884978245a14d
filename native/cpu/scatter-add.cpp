// y[indices[i]] += x[i] over zeros, in the order of i; indices outside are left out. Shared out by columns, so that
// the order of every sum is fixed.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel scatterAdd(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  const int32_t* indices = op.inputs[1].integers();
  float* y = op.outputs[0].floats();
  const int64_t count = op.inputs[1].size(), rows = op.outputs[0].shape[0];
  const int64_t length = rows == 0 ? 0 : op.outputs[0].size() / rows;
  return blocks(length, [=](int64_t begin, int64_t end) {
    for (int64_t row = 0; row < rows; row++) std::fill(y + row * length + begin, y + row * length + end, 0.0f);
    for (int64_t i = 0; i < count; i++) {
      if (indices[i] < 0 || indices[i] >= rows) continue;
      float* at = y + indices[i] * length;
      mapRange(begin, end, at, [](Vec sum, Vec value) { return sum + value; }, at, x + i * length);
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
