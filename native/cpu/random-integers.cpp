// Uniform integers in [low, limit): low + (word · (limit - low)) >> 32.
#include "core/philox.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {
struct Integers {
  int32_t word[4][lanes];
};
}  // namespace

Kernel randomIntegers(const Instruction& op, const Context&) {
  const auto low = static_cast<int32_t>(op.number("low"));
  const auto numbers = static_cast<uint64_t>(op.number("limit") - op.number("low"));
  return randomElements(RandomStream(op), op.outputs[0].integers(), op.outputs[0].size(), [=](const Words& words) {
    Integers result;
    for (int w = 0; w < 4; w++)
      for (int lane = 0; lane < lanes; lane++)
        result.word[w][lane] = low + static_cast<int32_t>((words.word[w][lane] * numbers) >> 32);
    return result;
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
