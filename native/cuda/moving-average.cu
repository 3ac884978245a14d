// v ← momentum · v + (1 - momentum) · x.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct MovingAverage {
  float kept, added;
  const float* x;
  float* v;
  __device__ void operator()(int64_t i) const { v[i] = v[i] * kept + x[i] * added; }
};
}  // namespace

Kernel movingAverage(const Instruction& op, const Context&) {
  const double momentum = op.number("momentum");
  return forEach(op.outputs[0].size(), MovingAverage{static_cast<float>(momentum), static_cast<float>(1 - momentum),
                                                     op.inputs[1].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
