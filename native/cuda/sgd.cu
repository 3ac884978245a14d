// v ← momentum · v - lr · g;  p ← p + v, or p + momentum · v - lr · g with Nesterov's correction.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Sgd {
  float *p, *v;
  const float *g, *learningRate;
  float momentum;
  bool nesterov;
  __device__ void operator()(int64_t i) const {
    const float rate = *learningRate;
    v[i] = v[i] * momentum - g[i] * rate;
    p[i] += nesterov ? v[i] * momentum - g[i] * rate : v[i];
  }
};
}  // namespace

Kernel sgd(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(),
                 Sgd{op.outputs[0].floats(), op.outputs[1].floats(), op.inputs[2].floats(), op.inputs[3].floats(),
                     static_cast<float>(op.number("momentum")), op.flag("nesterov")});
}

}  // namespace cuda_gan::cuda
