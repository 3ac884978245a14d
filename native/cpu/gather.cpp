// y[i] = scale · data[indices[i]] + offset, uint8 or float32 rows to float32; NaN where an index is outside.
#include <limits>

#include "core/elementwise.h"
#include "kernels.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

template <typename T>
Kernel gatherRows(const Instruction& op, const T* data) {
  const int32_t* indices = op.inputs[1].integers();
  float* y = op.outputs[0].floats();
  const int64_t rows = op.inputs[0].shape[0], count = op.outputs[0].shape[0];
  const int64_t length = count == 0 ? 0 : op.outputs[0].size() / count;
  const float scale = static_cast<float>(op.number("scale")), offset = static_cast<float>(op.number("offset"));
  if (length == 0) return {};
  return {{count, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t i = begin; i < end; i++) {
               const int64_t row = indices[i];
               float* at = y + i * length;
               if (row < 0 || row >= rows) {
                 std::fill(at, at + length, std::numeric_limits<float>::quiet_NaN());
                 continue;
               }
               const T* source = data + row * length;
               for (int64_t j = 0; j < length; j++) at[j] = static_cast<float>(source[j]) * scale + offset;
             }
           }}};
}

}  // namespace

Kernel gather(const Instruction& op, int) {
  const Tensor& data = op.inputs[0];
  return data.dtype == DType::UInt8 ? gatherRows(op, data.bytes()) : gatherRows(op, data.floats());
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
