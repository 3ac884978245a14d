// y = t at the places of the maxima of x.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct MaxPool2d {
  PooledImages images;
  const float *x, *t;
  float* y;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.y.place(i);
    y[i] = t[images.maximum(x, at, at.row, at.column)];
  }
};
}  // namespace

Kernel maxPool2d(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  return forEach(y.size(), MaxPool2d{pooledImagesOf(op, x, y), x.floats(), op.inputs[1].floats(), y.floats()});
}

}  // namespace cuda_gan::cuda
