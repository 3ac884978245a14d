// dx = dy added up at the places of the maxima of x: each element looks into the windows that cover it.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct MaxPool2dGradient {
  PooledImages images;
  const float *x, *dy;
  float* dx;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.x.place(i);
    const Span rows = images.pool.vertical.windowsOf(at.row), columns = images.pool.horizontal.windowsOf(at.column);
    float sum = 0;
    for (int64_t oy = rows.begin; oy < rows.end; oy++)
      for (int64_t ox = columns.begin; ox < columns.end; ox++)
        if (images.maximum(x, at, oy, ox) == i) sum += dy[images.y.index(at.image, oy, ox, at.channel)];
    dx[i] = sum;
  }
};
}  // namespace

Kernel maxPool2dGradient(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &dy = op.inputs[1], &dx = op.outputs[0];
  return forEach(dx.size(), MaxPool2dGradient{pooledImagesOf(op, x, dy), x.floats(), dy.floats(), dx.floats()});
}

}  // namespace cuda_gan::cuda
