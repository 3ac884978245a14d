// y = rows[step mod n].
#include <cstring>

#include "kernel.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel batchRow(const Instruction& op, const Context&) {
  const int32_t* rows = op.inputs[0].integers();
  int32_t* y = op.outputs[0].integers();
  const auto count = static_cast<uint64_t>(op.inputs[0].shape[0]);
  const size_t length = static_cast<size_t>(op.outputs[0].size());
  if (count == 0) return {};
  return {{1, [=](int64_t, int64_t, const StepContext& context) {
             std::memcpy(y, rows + context.step % count * length, length * sizeof(int32_t));
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
