// y[i] = scale · data[indices[i]] + offset, uint8 or float32 rows to float32; NaN where an index is outside. Rows of
// int32 stay as they are, and are -1 where an index is outside.
#include <limits>

#include "core/elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

// y[i] = f(data[indices[i]]), element by element.
template <typename From, typename To, typename F>
Kernel gatherRows(const Instruction& op, const From* data, To* y, To outside, F f) {
  const int32_t* indices = op.inputs[1].integers();
  const int64_t rows = op.inputs[0].shape[0], count = op.outputs[0].shape[0];
  const int64_t length = count == 0 ? 0 : op.outputs[0].size() / count;
  if (length == 0) return {};
  return {{count, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t i = begin; i < end; i++) {
               const int64_t row = indices[i];
               To* at = y + i * length;
               if (row < 0 || row >= rows) {
                 std::fill(at, at + length, outside);
               } else {
                 std::transform(data + row * length, data + (row + 1) * length, at, f);
               }
             }
           }}};
}

}  // namespace

Kernel gather(const Instruction& op, const Context&) {
  const Tensor &data = op.inputs[0], &y = op.outputs[0];
  if (data.dtype == DType::Int32) {
    return gatherRows(op, data.integers(), y.integers(), -1, [](int32_t value) { return value; });
  }
  const float scale = static_cast<float>(op.number("scale")), offset = static_cast<float>(op.number("offset"));
  const float outside = std::numeric_limits<float>::quiet_NaN();
  const auto scaled = [=](auto value) { return static_cast<float>(value) * scale + offset; };
  return data.dtype == DType::UInt8 ? gatherRows(op, data.bytes(), y.floats(), outside, scaled)
                                    : gatherRows(op, data.floats(), y.floats(), outside, scaled);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
