// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with given mean and variance.
#include "core/strips.cuh"

namespace cuda_gan::cuda {

namespace {
struct Normalize {
  static constexpr int64_t rowsOfPart = 64;
  const float *x, *gamma, *beta, *mean, *variance;
  float* y;
  int64_t rows, width;
  float epsilon;

  template <class Strip>
  __device__ void operator()(int64_t part, const Strip& strip) const {
    const int64_t begin = part * rowsOfPart, left = rows - begin;
    const auto factor = strip.load(gamma), center = strip.load(mean), spread = strip.load(variance);
    const auto offset = strip.load(beta);
    const auto scale = strip.each([&](int i) { return factor.at[i] / sqrtf(spread.at[i] + epsilon); });
    strip.fillRows(
        y + begin * width, left < rowsOfPart ? left : rowsOfPart, [&](int64_t row) { return strip.load(x, begin + row); },
        [&](const auto& value) {
          return strip.each([&](int i) { return (value.at[i] - center.at[i]) * scale.at[i] + offset.at[i]; });
        });
  }
};
}  // namespace

Kernel normalize(const Instruction& op, const Context&) {
  const Tensor& y = op.outputs[0];
  const Normalize normalized{op.inputs[0].floats(), op.inputs[1].floats(), op.inputs[2].floats(), op.inputs[3].floats(),
                             op.inputs[4].floats(), y.floats(), y.rows(), y.columns(),
                             static_cast<float>(op.number("epsilon"))};
  const int64_t parts = ceilDivide(y.rows(), Normalize::rowsOfPart);
  return forEachStrip(parts, std::min(y.rows(), Normalize::rowsOfPart), y.columns(), normalized);
}

}  // namespace cuda_gan::cuda
