// Uniform integers in [0, limit): (word · limit) >> 32.
#include "core/philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {
struct Integers {
  int32_t word[4][lanes];
};
}  // namespace

Kernel randomIntegers(const Instruction& op, const Context&) {
  const auto limit = static_cast<uint64_t>(op.number("limit"));
  return randomElements(RandomStream(op), op.outputs[0].integers(), op.outputs[0].size(), [=](const Words& words) {
    Integers result;
    for (int w = 0; w < 4; w++)
      for (int lane = 0; lane < lanes; lane++)
        result.word[w][lane] = static_cast<int32_t>((words.word[w][lane] * limit) >> 32);
    return result;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
