// The adjoint of resize2d: dx is the sum of what it was a part of, with its weights.
#include "../program/resize2d.h"
#include "core/images.cuh"

namespace cuda_gan::cuda {

namespace {
struct Resize2dGradient {
  ResizeAxis vertical, horizontal;
  ImageShape from, to;
  const float* dy;
  float* dx;

  __device__ void operator()(int64_t i) const {
    const ImagePlace at = from.place(i);
    const Span rows = vertical.partOf(at.row), columns = horizontal.partOf(at.column);
    float sum = 0;
    for (int64_t oy = rows.begin; oy < rows.end; oy++) {
      const float weight = vertical.mixOf(oy).weightOf(at.row);
      if (weight == 0) continue;
      for (int64_t ox = columns.begin; ox < columns.end; ox++) {
        const float share = weight * horizontal.mixOf(ox).weightOf(at.column);
        if (share != 0) sum += dy[to.index(at.image, oy, ox, at.channel)] * share;
      }
    }
    dx[i] = sum;
  }
};
}  // namespace

Kernel resize2dGradient(const Instruction& op, const Context&) {
  const auto [vertical, horizontal] = resize2dOf(op.attributes);
  const Tensor &dy = op.inputs[0], &dx = op.outputs[0];
  return forEach(dx.size(),
                 Resize2dGradient{vertical, horizontal, imageShapeOf(dx), imageShapeOf(dy), dy.floats(), dx.floats()});
}

}  // namespace cuda_gan::cuda
