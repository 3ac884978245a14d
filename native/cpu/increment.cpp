// counter ← counter + 1.
#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel increment(const Instruction& op, const Context&) {
  int32_t* counter = op.outputs[0].integers();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) counter[i]++;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
