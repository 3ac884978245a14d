// dx = dy shared out among the elements of every window.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct AveragePool2dGradient {
  PooledImages images;
  const float* dy;
  float* dx;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.x.place(i);
    const PoolAxis &vertical = images.pool.vertical, &horizontal = images.pool.horizontal;
    const Span rows = vertical.windowsOf(at.row), columns = horizontal.windowsOf(at.column);
    float sum = 0;
    for (int64_t oy = rows.begin; oy < rows.end; oy++) {
      for (int64_t ox = columns.begin; ox < columns.end; ox++) {
        const int64_t elements = vertical.places(oy).size() * horizontal.places(ox).size();
        sum += dy[images.y.index(at.image, oy, ox, at.channel)] / static_cast<float>(elements);
      }
    }
    dx[i] = sum;
  }
};
}  // namespace

Kernel averagePool2dGradient(const Instruction& op, const Context&) {
  const Tensor &dy = op.inputs[0], &dx = op.outputs[0];
  return forEach(dx.size(), AveragePool2dGradient{pooledImagesOf(op, dx, dy), dy.floats(), dx.floats()});
}

}  // namespace cuda_gan::cuda
