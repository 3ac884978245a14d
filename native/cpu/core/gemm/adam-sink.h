// Takes tiles of a gradient and updates parameters by Adam while the tiles are in registers.
#pragma once
#include "../adam.h"
#include "gemm.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Tiles that are complete at once are used up; others gather in `partial`, which is as large as the parameters and may be
// null where the depth is one block.
struct AdamSink {
  AdamState state;
  const float* rate;
  int64_t stride;
  float* partial;

  // The tile's parameters are fetched while its product is computed.
  template <int rows, int vectors>
  void expect(const TilePlace& place) const {
    if (!place.last) return RowMajorSink{partial, stride}.expect<rows, vectors>(place);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors * lanes; j += cacheLineFloats) {
        const int64_t at = (place.row + i) * stride + place.column + j;
        __builtin_prefetch(state.p + at, forWriting);
        __builtin_prefetch(state.m + at, forWriting);
        __builtin_prefetch(state.v + at, forWriting);
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

  // The same for columns from `column` on.
  AdamSink from(int64_t column) const {
    AdamSink sink = *this;
    sink.state.p += column;
    sink.state.m += column;
    sink.state.v += column;
    if (partial != nullptr) sink.partial += column;
    return sink;
  }
};

// What makes a gradient [.., columns] of `depth` terms and uses it up: `product` makes a kernel that hands it to a sink.
template <typename Product>
Kernel withAdam(const Instruction& op, int64_t columns, int64_t depth, const Context& context, Product product) {
  const AdamState state(op, op.attributes.part("adam"));
  float* rate = context.floats(1);
  float* partial = depth > blockDepth ? context.floats(op.outputs[0].size()) : nullptr;
  const Phase computeRate{1, [=](int64_t, int64_t, const StepContext&) { *rate = state.rate(); }};
  return Kernel{computeRate} + product(AdamSink{state, rate, columns, partial});
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
