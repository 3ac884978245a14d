// y = t at the places of the maxima of x.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct MaxPool2d {
  PooledImages images;
  const float *x, *t;
  float* y;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.outputPlace(i);
    y[i] = t[images.maximum(x, at, at.row, at.column)];
  }
};
}  // namespace

Kernel maxPool2d(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(),
                 MaxPool2d{pooledImagesOf(op), op.inputs[0].floats(), op.inputs[1].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
