// Adam with the gradient a [m, k] · b [k, n]: each tile of the product updates its parameters while it is in registers.
#include <memory>

#include "core/adam.h"
#include "core/gemm.h"
#include "kernels.h"

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

// What the phases share, kept alive by them.
struct Workspace {
  float rate = 0;
  std::vector<float> partial;
};

}  // namespace

Kernel matmulAdam(const Instruction& op, int threads) {
  const AdamState state(op);
  const bool transposeA = op.flag("transposeA");
  const MatrixView a = viewOf(op.inputs[3], transposeA), b = viewOf(op.inputs[4], op.flag("transposeB"));
  const int64_t m = op.outputs[0].shape[0], n = op.outputs[0].shape[1];
  const int64_t k = op.inputs[3].shape[transposeA ? 0 : 1];
  const auto workspace = std::make_shared<Workspace>();
  if (k > blockDepth) workspace->partial.resize(static_cast<size_t>(m * n));
  const AdamSink sink{state, &workspace->rate, n, workspace->partial.data()};
  const auto keepAlive = [workspace](int64_t, int64_t, int64_t, int64_t) {};
  Kernel kernel = gemm({m, n, k}, a, b, threads, sink, keepAlive);
  kernel.insert(kernel.begin(), {1, [=](int64_t, int64_t, const StepContext&) { workspace->rate = state.rate(); }});
  return kernel;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
