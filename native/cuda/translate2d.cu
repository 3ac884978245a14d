// y[n, i, j] = x[n, i - rows, j - columns] by the offsets (rows, columns) of image n, or by their opposites; 0 outside.
#include "core/images.cuh"

namespace cuda_gan::cuda {

namespace {
struct Translated {
  ImageShape shape;
  int64_t sign;
  const float* x;
  const int32_t* offsets;
  float* y;

  __device__ void operator()(int64_t i) const {
    const ImagePlace at = shape.place(i);
    const int64_t row = at.row - sign * offsets[2 * at.image], column = at.column - sign * offsets[2 * at.image + 1];
    const bool inside = row >= 0 && row < shape.height.divisor && column >= 0 && column < shape.width.divisor;
    y[i] = inside ? x[shape.index(at.image, row, column, at.channel)] : 0.0f;
  }
};
}  // namespace

Kernel translate2d(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  return forEach(y.size(), Translated{imageShapeOf(y), op.flag("back") ? -1 : 1, op.inputs[0].floats(),
                                      op.inputs[1].integers(), y.floats()});
}

}  // namespace cuda_gan::cuda
