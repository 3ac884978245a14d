// y[i, labels[i]] = 1, else 0; a row of zeros for a label outside [0, classes).
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct OneHot {
  const int32_t* labels;
  float* y;
  int64_t classes;
  __device__ void operator()(int64_t i) const { y[i] = labels[i / classes] == i % classes ? 1.0f : 0.0f; }
};
}  // namespace

Kernel oneHot(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEach(y.size(), OneHot{op.inputs[0].integers(), y.floats(), y.columns()});
}

}  // namespace cuda_gan::cuda
