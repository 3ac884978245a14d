// y = x, int32 to float32: rounded to nearest beyond 2²⁴.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel cast(const Instruction& op, const Context&) {
  const int32_t* x = op.inputs[0].integers();
  float* y = op.outputs[0].floats();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = static_cast<float>(x[i]);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
