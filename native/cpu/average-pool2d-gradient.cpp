// dx = dy shared out among the elements of every window.
#include "../program/pool2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel averagePool2dGradient(const Instruction& op, const Context&) {
  const float* dy = op.inputs[0].floats();
  float* dx = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=](const ImageChannels& own) {
    const float* gradients = own.of(dy, pool.outputPlaces());
    float* to = own.of(dx, pool.inputPlaces());
    for (int64_t iy = 0; iy < pool.vertical.input; iy++) {
      const Span rows = pool.vertical.windowsOf(iy);
      for (int64_t ix = 0; ix < pool.horizontal.input; ix++) {
        const Span columns = pool.horizontal.windowsOf(ix);
        Vec sum{};
        for (int64_t oy = rows.begin; oy < rows.end; oy++) {
          for (int64_t ox = columns.begin; ox < columns.end; ox++) {
            const int64_t elements = pool.vertical.places(oy).size() * pool.horizontal.places(ox).size();
            sum += own.channels.load(gradients, oy * pool.horizontal.output + ox) / static_cast<float>(elements);
          }
        }
        own.channels.store(to, iy * pool.horizontal.input + ix, sum);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
