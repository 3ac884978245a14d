// y = the mean of the elements of every window that exist.
#include "../program/pool2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel averagePool2d(const Instruction& op, const Context&) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=](const ImageChannels& own) {
    const float* from = own.of(x, pool.inputPlaces());
    float* to = own.of(y, pool.outputPlaces());
    for (int64_t oy = 0; oy < pool.vertical.output; oy++) {
      const Span rows = pool.vertical.places(oy);
      for (int64_t ox = 0; ox < pool.horizontal.output; ox++) {
        const Span columns = pool.horizontal.places(ox);
        Vec sum{};
        for (int64_t iy = rows.begin; iy < rows.end; iy++)
          for (int64_t ix = columns.begin; ix < columns.end; ix++)
            sum += own.channels.load(from, iy * pool.horizontal.input + ix);
        own.channels.store(to, oy * pool.horizontal.output + ox, sum / static_cast<float>(rows.size() * columns.size()));
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
