// The adjoint of resize2d: dx is the sum of what it was a part of, with its weights.
#include "../program/resize2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel resize2dGradient(const Instruction& op, const Context&) {
  const float* dy = op.inputs[0].floats();
  float* dx = op.outputs[0].floats();
  const auto [vertical, horizontal] = resize2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=, vertical = vertical, horizontal = horizontal](const ImageChannels& own) {
    const float* gradients = own.of(dy, vertical.output * horizontal.output);
    float* to = own.of(dx, vertical.input * horizontal.input);
    for (int64_t iy = 0; iy < vertical.input; iy++) {
      const Span rows = vertical.partOf(iy);
      for (int64_t ix = 0; ix < horizontal.input; ix++) {
        const Span columns = horizontal.partOf(ix);
        Vec sum{};
        for (int64_t oy = rows.begin; oy < rows.end; oy++) {
          const float weight = vertical.mixOf(oy).weightOf(iy);
          if (weight == 0) continue;
          for (int64_t ox = columns.begin; ox < columns.end; ox++) {
            const float share = weight * horizontal.mixOf(ox).weightOf(ix);
            if (share != 0) sum += own.channels.load(gradients, oy * horizontal.output + ox) * share;
          }
        }
        own.channels.store(to, iy * horizontal.input + ix, sum);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
