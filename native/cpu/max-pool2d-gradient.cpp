// dx = dy added up at the places of the maxima of x.
#include "../program/pool2d.h"
#include "core/images.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel maxPool2dGradient(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *dy = op.inputs[1].floats();
  float* dx = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  return imageChannels(op.inputs[0], [=](const ImageChannels& own) {
    const Columns& channels = own.channels;
    const float *from = own.of(x, pool.inputPlaces()), *gradients = own.of(dy, pool.outputPlaces());
    float* to = own.of(dx, pool.inputPlaces());
    for (int64_t place = 0; place < pool.inputPlaces(); place++) channels.store(to, place, Vec{});
    for (int64_t oy = 0; oy < pool.vertical.output; oy++) {
      const Span rows = pool.vertical.places(oy);
      for (int64_t ox = 0; ox < pool.horizontal.output; ox++) {
        const Span columns = pool.horizontal.places(ox);
        const auto forWindow = [&](auto visit) {
          for (int64_t iy = rows.begin; iy < rows.end; iy++)
            for (int64_t ix = columns.begin; ix < columns.end; ix++) visit(iy * pool.horizontal.input + ix);
        };
        Vec largest = channels.load(from, rows.begin * pool.horizontal.input + columns.begin);
        VecI winner = VecI{} + static_cast<int32_t>(rows.begin * pool.horizontal.input + columns.begin);
        forWindow([&](int64_t place) {
          const Vec candidate = channels.load(from, place);
          const VecI larger = isLarger(candidate, largest);
          largest = select(larger, candidate, largest);
          winner = larger ? VecI{} + static_cast<int32_t>(place) : winner;
        });
        const Vec gradient = channels.load(gradients, oy * pool.horizontal.output + ox);
        forWindow([&](int64_t place) {
          const Vec share = select(winner == static_cast<int32_t>(place), gradient, Vec{});
          channels.store(to, place, channels.load(to, place) + share);
        });
      }
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
