// y = t at the places of the maxima of x: the first of several, in row-major order; the first NaN where there is one.
#include "../program/pool2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel maxPool2d(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *t = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=](const ImageChannels& own) {
    const Columns& channels = own.channels;
    const float *from = own.of(x, pool.inputPlaces()), *chosen = own.of(t, pool.inputPlaces());
    float* to = own.of(y, pool.outputPlaces());
    for (int64_t oy = 0; oy < pool.vertical.output; oy++) {
      const Span rows = pool.vertical.places(oy);
      for (int64_t ox = 0; ox < pool.horizontal.output; ox++) {
        const Span columns = pool.horizontal.places(ox);
        const int64_t first = rows.begin * pool.horizontal.input + columns.begin;
        Vec largest = channels.load(from, first), value = channels.load(chosen, first);
        for (int64_t iy = rows.begin; iy < rows.end; iy++) {
          for (int64_t ix = columns.begin; ix < columns.end; ix++) {
            const int64_t place = iy * pool.horizontal.input + ix;
            const Vec candidate = channels.load(from, place);
            const VecI larger = isLarger(candidate, largest);
            largest = select(larger, candidate, largest);
            value = select(larger, channels.load(chosen, place), value);
          }
        }
        channels.store(to, oy * pool.horizontal.output + ox, value);
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
