// y[i] = scale · data[indices[i]] + offset, uint8 or float32 rows to float32; NaN where an index is outside. Rows of
// int32 stay as they are, and are -1 where an index is outside.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {

template <typename From>
struct Scaled {
  float scale, offset;
  __device__ float operator()(From value) const { return static_cast<float>(value) * scale + offset; }
  __device__ static float outside() { return nanf(""); }
};

struct AsIs {
  __device__ int32_t operator()(int32_t value) const { return value; }
  __device__ static int32_t outside() { return -1; }
};

template <typename From, typename To, typename F>
struct Gather {
  const From* data;
  const int32_t* indices;
  To* y;
  int64_t rows, length;
  F f;
  __device__ void operator()(int64_t i) const {
    const int64_t row = indices[i / length];
    y[i] = row < 0 || row >= rows ? F::outside() : f(data[row * length + i % length]);
  }
};

// y[i] = f(data[indices[i]]), element by element.
template <typename From, typename To, typename F>
Kernel gatherRows(const Instruction& op, const From* data, To* y, F f) {
  const int64_t size = op.outputs[0].size(), count = op.outputs[0].shape[0];
  if (size == 0) return {};
  return forEach(size, Gather<From, To, F>{data, op.inputs[1].integers(), y, op.inputs[0].shape[0], size / count, f});
}

}  // namespace

Kernel gather(const Instruction& op, const Context&) {
  const Tensor &data = op.inputs[0], &y = op.outputs[0];
  if (data.dtype == DType::Int32) return gatherRows(op, data.integers(), y.integers(), AsIs{});
  const float scale = static_cast<float>(op.number("scale")), offset = static_cast<float>(op.number("offset"));
  return data.dtype == DType::UInt8 ? gatherRows(op, data.bytes(), y.floats(), Scaled<uint8_t>{scale, offset})
                                    : gatherRows(op, data.floats(), y.floats(), Scaled<float>{scale, offset});
}

}  // namespace cuda_gan::cuda
