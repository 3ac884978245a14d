// dx = dy added up at the places of the maxima of x.
#include "core/windows.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

bool tiles(const PoolAxis& axis) { return axis.window == axis.stride && axis.output * axis.stride - axis.padding >= axis.input; }

}  // namespace

Kernel maxPool2dGradient(const Instruction& op, const Context&) {
  const float *x = op.inputs[0].floats(), *dy = op.inputs[1].floats();
  float* dx = op.outputs[0].floats();
  const Pool2d pool = pool2dOf(op.attributes);
  const int64_t imageFloats = pool.inputPlaces() * op.inputs[0].shape[3], outputFloats = pool.outputPlaces() * op.inputs[0].shape[3];
  // Where the windows lie side by side, each place has one, and is written once.
  const bool tiled = tiles(pool.vertical) && tiles(pool.horizontal);
  const auto clear = [=](int64_t image) {
    if (!tiled) std::fill_n(dx + image * imageFloats, imageFloats, 0.0f);
  };
  return imageWindows(op.inputs[0], pool, clear, [=](int64_t image, const Window& window, const Columns& channels) {
    const float* from = x + image * imageFloats;
    float* to = dx + image * imageFloats;
    Vec largest = channels.load(from, window.places[0]);
    VecI winner{};
    for (size_t i = 1; i < window.places.size(); i++) {
      const Vec candidate = channels.load(from, window.places[i]);
      const VecI larger = isLarger(candidate, largest);
      largest = select(larger, candidate, largest);
      winner = larger ? VecI{} + static_cast<int32_t>(i) : winner;
    }
    const Vec gradient = channels.load(dy + image * outputFloats, window.output);
    for (size_t i = 0; i < window.places.size(); i++) {
      const Vec share = select(winner == static_cast<int32_t>(i), gradient, Vec{});
      channels.store(to, window.places[i], tiled ? share : channels.load(to, window.places[i]) + share);
    }
  });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
