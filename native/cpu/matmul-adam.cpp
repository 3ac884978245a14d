// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters while it is in registers.
#include "core/adam.h"
#include "core/gemm/gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

namespace {

// Takes tiles of the gradient. Those that are complete at once are used up; others gather in `partial` [m, n].
struct AdamSink {
  AdamState state;
  const float* rate;
  int64_t stride;
  float* partial;

  // The tile's parameters are fetched while its product is computed.
  template <int rows, int vectors>
  void expect(const TilePlace& place) const {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors * lanes; j += cacheLineFloats) {
        const int64_t at = (place.row + i) * stride + place.column + j;
        __builtin_prefetch(state.p + at, 1);
        __builtin_prefetch(state.m + at, 1);
        __builtin_prefetch(state.v + at, 1);
      }
    }
  }

  template <int rows, int vectors>
  void put(const TilePlace& place, const Tile<rows, vectors>& sum) const {
    if (!place.last) return RowMajorSink{partial, stride}.put<rows, vectors>(place, sum);
    const AdamUpdate update(state, *rate);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        const int64_t at = (place.row + i) * stride + place.column + j * lanes;
        const int64_t count = place.columns - j * lanes;
        if (count >= lanes) {
          update.apply(at, place.first ? sum[i][j] : load(partial + at) + sum[i][j]);
        } else {
          update.applyPartial(at, count, place.first ? sum[i][j] : loadPartial(partial + at, count) + sum[i][j]);
        }
      }
    }
  }
};

}  // namespace

Kernel matmulAdam(const Instruction& op, const Context& context) {
  const AdamState state(op, op.attributes.part("adam"));
  const Attributes product = op.attributes.part("matmul");
  const Tensor &left = op.inputs[gradientInput], &right = op.inputs[gradientInput + 1];
  const bool transposeA = product.flag("transposeA");
  const MatrixView a = viewOf(left, transposeA), b = viewOf(right, product.flag("transposeB"));
  const int64_t m = op.outputs[0].shape[0], n = op.outputs[0].shape[1];
  const int64_t k = left.shape[transposeA ? 0 : 1];
  float* rate = context.floats(1);
  const AdamSink sink{state, rate, n, k > blockDepth ? context.floats(m * n) : nullptr};
  const auto nothing = [](int64_t, int64_t, int64_t, int64_t) {};
  const Phase computeRate{1, [=](int64_t, int64_t, const StepContext&) { *rate = state.rate(); }};
  return Kernel{computeRate} + gemm({m, n, k}, Matrix{a}, b, context.threads, sink, nothing);
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
