// y = t at the places of the maxima of x: the first of several, in row-major order; the first NaN where there is one.
#include "core/windows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel maxPool2d(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *t = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  const int64_t imageFloats = pool.inputPlaces() * op.inputs[0].shape[3], outputFloats = pool.outputPlaces() * op.inputs[0].shape[3];
  return imageWindows(op.inputs[0], pool, [](int64_t) {}, [=](int64_t image, const Window& window, const Columns& channels) {
    const float *from = x + image * imageFloats, *chosen = t + image * imageFloats;
    Vec largest = channels.load(from, window.places[0]), value = channels.load(chosen, window.places[0]);
    for (size_t i = 1; i < window.places.size(); i++) {
      const Vec candidate = channels.load(from, window.places[i]);
      const VecI larger = isLarger(candidate, largest);
      largest = select(larger, candidate, largest);
      value = select(larger, channels.load(chosen, window.places[i]), value);
    }
    channels.store(y + image * outputFloats, window.output, value);
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
