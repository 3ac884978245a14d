// y = the mean of the elements of every window that exist.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct AveragePool2d {
  PooledImages images;
  const float* x;
  float* y;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.y.place(i);
    const Span rows = images.pool.vertical.places(at.row), columns = images.pool.horizontal.places(at.column);
    float sum = 0;
    for (int64_t iy = rows.begin; iy < rows.end; iy++)
      for (int64_t ix = columns.begin; ix < columns.end; ix++) sum += x[images.x.index(at.image, iy, ix, at.channel)];
    y[i] = sum / static_cast<float>(rows.size() * columns.size());
  }
};
}  // namespace

Kernel averagePool2d(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  return forEach(y.size(), AveragePool2d{pooledImagesOf(op, x, y), x.floats(), y.floats()});
}

}  // namespace cuda_gan::cuda
