// variable ← value, of any element type.
#include <cstring>

#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel assign(const Instruction& op, const Context&) {
  const char* value = static_cast<const char*>(op.inputs[1].data);
  char* variable = static_cast<char*>(op.outputs[0].data);
  return blocks(static_cast<int64_t>(op.outputs[0].byteSize()), [=](int64_t begin, int64_t end) {
    std::memcpy(variable + begin, value + begin, static_cast<size_t>(end - begin));
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
