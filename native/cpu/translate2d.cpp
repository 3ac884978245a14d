// y[n, i, j] = x[n, i - rows, j - columns] by the offsets (rows, columns) of image n, or by their opposites; 0 outside.
#include "core/rows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel translate2d(const Instruction& op, const Context&) {
  const Tensor& images = op.inputs[0];
  const float* x = images.floats();
  const int32_t* offsets = op.inputs[1].integers();
  float* y = op.outputs[0].floats();
  const int64_t height = images.shape[1], width = images.shape[2], channels = images.shape[3];
  const int64_t sign = op.flag("back") ? -1 : 1, length = width * channels;
  return rowBlocks(images.shape[0] * height, length, [=](int64_t line) {
    const int64_t image = line / height, row = line % height;
    const int64_t rows = sign * offsets[2 * image], columns = sign * offsets[2 * image + 1];
    const bool inside = row - rows >= 0 && row - rows < height;
    // The columns of y to which columns of x come.
    const int64_t begin = inside ? std::clamp<int64_t>(columns, 0, width) : width;
    const int64_t end = std::clamp(width + columns, begin, width);
    float* to = y + line * length;
    std::fill(to, to + begin * channels, 0.0f);
    if (begin < end) {
      const float* from = x + (line - rows) * length - columns * channels;
      std::copy(from + begin * channels, from + end * channels, to + begin * channels);
    }
    std::fill(to + end * channels, to + length, 0.0f);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
