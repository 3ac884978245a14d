// y = the mean of the elements of every window that exist.
#include "core/pool2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct AveragePool2d {
  PooledImages images;
  const float* x;
  float* y;
  __device__ void operator()(int64_t i) const {
    const ImagePlace at = images.outputPlace(i);
    const Span rows = images.pool.vertical.places(at.row), columns = images.pool.horizontal.places(at.column);
    float sum = 0;
    for (int64_t iy = rows.begin; iy < rows.end; iy++)
      for (int64_t ix = columns.begin; ix < columns.end; ix++) sum += x[images.inputIndex(at, iy, ix)];
    y[i] = sum / static_cast<float>(rows.size() * columns.size());
  }
};
}  // namespace

Kernel averagePool2d(const Instruction& op, const Context&) {
  return forEach(op.outputs[0].size(), AveragePool2d{pooledImagesOf(op), op.inputs[0].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
