// dy · (σ(z) - t), element by element.
#include "core/activations.cuh"
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct BinaryCrossentropyGradient {
  const float *dy, *logits, *targets;
  float* dz;
  __device__ void operator()(int64_t i) const { dz[i] = dy[i] * (sigmoid(logits[i]) - targets[i]); }
};
}  // namespace

Kernel binaryCrossentropyGradient(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(), BinaryCrossentropyGradient{op.inputs[0].floats(), op.inputs[1].floats(), op.inputs[2].floats(),
                                                op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
