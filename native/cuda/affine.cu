// y = scale · x + offset, element by element.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Affine {
  float scale, offset;
  __device__ float operator()(float x) const { return x * scale + offset; }
};
}  // namespace

Kernel affine(const Instruction& op, const Context&) {
  return elementwise(op, Affine{static_cast<float>(op.number("scale")), static_cast<float>(op.number("offset"))});
}

}  // namespace cuda_gan::cuda
