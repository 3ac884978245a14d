// variable ← value, of any element type.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
template <typename T>
struct Copy {
  const T* from;
  T* to;
  __device__ void operator()(int64_t i) const { to[i] = from[i]; }
};
}  // namespace

Kernel assign(const Instruction& op, const Context&) {
  const Tensor &value = op.inputs[1], &variable = op.outputs[0];
  // The bits are copied: those of a float are those of an integer of its size.
  return variable.dtype == DType::UInt8
             ? forEach(variable.size(), Copy<uint8_t>{value.bytes(), variable.bytes()})
             : forEach(variable.size(), Copy<int32_t>{value.integers(), variable.integers()});
}

}  // namespace cuda_gan::cuda
