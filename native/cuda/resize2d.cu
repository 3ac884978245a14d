// Images at another size: every place is mixed of up to four.
#include "../program/resize2d.h"
#include "core/images.cuh"

namespace cuda_gan::cuda {

namespace {
struct Resized {
  ResizeAxis vertical, horizontal;
  ImageShape from, to;
  const float* x;
  float* y;

  __device__ void operator()(int64_t i) const {
    const ImagePlace at = to.place(i);
    const Mix row = vertical.mixOf(at.row), column = horizontal.mixOf(at.column);
    y[i] = mixed(at, row.near, column) * (1.0f - row.share) + mixed(at, row.far, column) * row.share;
  }

  __device__ float mixed(const ImagePlace& at, int64_t row, const Mix& column) const {
    const auto element = [&](int64_t place) { return x[from.index(at.image, row, place, at.channel)]; };
    return element(column.near) * (1.0f - column.share) + element(column.far) * column.share;
  }
};
}  // namespace

Kernel resize2d(const Instruction& op, const Context&) {
  const auto [vertical, horizontal] = resize2dOf(op.attributes);
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  return forEach(y.size(), Resized{vertical, horizontal, imageShapeOf(x), imageShapeOf(y), x.floats(), y.floats()});
}

}  // namespace cuda_gan::cuda
