// Images at another size: every place is mixed of up to four.
#include "../program/resize2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel resize2d(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  const auto [vertical, horizontal] = resize2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=, vertical = vertical, horizontal = horizontal](const ImageChannels& own) {
    const float* from = own.of(x, vertical.input * horizontal.input);
    float* to = own.of(y, vertical.output * horizontal.output);
    for (int64_t oy = 0; oy < vertical.output; oy++) {
      const Mix row = vertical.mixOf(oy);
      for (int64_t ox = 0; ox < horizontal.output; ox++) {
        const Mix column = horizontal.mixOf(ox);
        const auto mixed = [&](int64_t iy) {
          const Vec near = own.channels.load(from, iy * horizontal.input + column.near);
          const Vec far = own.channels.load(from, iy * horizontal.input + column.far);
          return near * (1.0f - column.share) + far * column.share;
        };
        own.channels.store(to, oy * horizontal.output + ox, mixed(row.near) * (1.0f - row.share) + mixed(row.far) * row.share);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
