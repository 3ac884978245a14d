// The matrix product that matmul, dense and their fused forms share: C [m, n] = A [m, k] · B [k, n].
//
// Goto & van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008). A tile of C, a strip of A's rows high and
// a panel of B's columns wide, stays in registers over a block of the depth (tile.h), and is then handed to a sink, which
// stores it (sinks.h); blocks of C that are complete are finished while they are hot. Panels of B are packed, strips of A
// where it pays (pack.h); plan.h decides. Where one tile has all rows, B too is read where it is, in wide tiles. The sums
// are the same in all these cases, to the bit. Few columns of Aᵀ · B have blocks of another depth, and nothing packed (stream.h).
#pragma once
#include <type_traits>

#include "../rows.h"
#include "plan.h"
#include "sinks.h"
#include "stream.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// What the tasks of a product share. The left factor is a `Matrix`, the right one a `MatrixView`, or whatever has the
// functions of one of these that are called here.
template <typename Left, typename Right, typename Sink, typename Finish>
struct Gemm {
  static constexpr int64_t blockDepth =
      Left::liesInMemory && std::is_same_v<Sink, RowMajorSink> ? nearBlockDepth : deepBlockDepth;

  GemmShape shape;
  Left a;
  Right b;
  Sink sink;
  Finish finish;
  GemmPlan plan;
  Strips strips;
  Panels panels;

  // C over some strips and panels.
  void multiply(Range rows, Range columns, float* scratch) const {
    if constexpr (Left::liesInMemory) {
      if (plan.dots) return multiplyVector(rows, columns, scratch);
    }
    if constexpr (std::is_same_v<Left, Matrix> && std::is_same_v<Sink, RowMajorSink>) {
      if (plan.streams) return multiplyStreams(rows, columns);
    }
    const int64_t count = columns.end - columns.begin;
    const int64_t groups = (count + plan.groupPanels - 1) / plan.groupPanels;
    for (int64_t i = 0; i < groups; i++) {
      const Range part = partOf(count, i, groups);
      multiplyGroup(rows, {columns.begin + part.begin, columns.begin + part.end}, scratch);
    }
  }

  // The same for panels that are packed together.
  void multiplyGroup(Range rows, Range group, float* scratch) const {
    for (int64_t k0 = 0; k0 == 0 || k0 < shape.k; k0 += blockDepth) {
      for (int64_t strip = rows.begin; strip < rows.end; strip += plan.blockStrips) {
        const Range block{strip, std::min(rows.end, strip + plan.blockStrips)};
        if constexpr (Left::liesInMemory) {
          if (!plan.packB) multiplyStrip(strip, group, k0, scratch);
        }
        if (plan.packB) multiplyBlock(block, group, k0, strip == rows.begin, scratch);
      }
    }
  }

  // A block of strips over a block of the depth; `fresh` if it is the first to use the panels.
  void multiplyBlock(Range block, Range group, int64_t k0, bool fresh, float* scratch) const {
    const int64_t depth = std::min(blockDepth, shape.k - k0), perStrip = stripFloats(depth);
    const int64_t perPanel = plan.keepPanels ? depth * panelColumns : 0;
    float *packedA = scratch, *packedB = scratch + blockFloats;
    if (plan.packA) a.pack(strips, block.begin, block.end, k0, depth, packedA, perStrip);
    const auto computeTileAt = [&](const auto& tiles, int64_t strip, int64_t panel) {
      const int64_t column = panels.begin(panel), columns = panels.width(panel);
      float* packed = packedB + (panel - group.begin) * perPanel;
      const TilePlace place{strips.begin(strip), column, columns, k0 == 0, k0 + depth >= shape.k};
      const MatrixView rows = rowsOf(strip, k0, packedA + (strip - block.begin) * perStrip);
      withVectors(columns, [&](auto vectors) {
        if (fresh && strip == block.begin) {
          if constexpr (std::is_same_v<Right, MatrixView>) {
            if (alongRows(b) && columns == vectors * lanes) {
              const RowsToPack packing{rowsFrom(b, {k0, column}), packedAfter(k0, panel, group), packed};
              return computeTileOf<vectors>(strips.height(strip), depth, rows, packing, place, tiles);
            }
          }
          packPanel(b, {k0, column}, depth, columns, packed);
        }
        computeTileOf<vectors>(strips.height(strip), depth, rows, PackedRows{packed}, place, tiles);
      });
    };
    const int64_t together = plan.rowsFirst ? 1 : block.end - block.begin;
    for (int64_t first = block.begin; first < block.end; first += together) {
      const Range some{first, first + together};
      const auto tiles = tilesOf(some, group, scratch);
      for (int64_t panel = group.begin; panel < group.end; panel++)
        for (int64_t strip = some.begin; strip < some.end; strip++) computeTileAt(tiles, strip, panel);
      finishBlock(tiles, some, group, k0);
    }
  }

  // Where the tiles of a block go.
  auto tilesOf(Range block, Range group, float* scratch) const {
    if constexpr (std::is_same_v<Sink, Gather>) {
      if (sink.partial != nullptr) return RowMajorSink{sink.partial, sink.stride};
      const int64_t stride = (group.end - group.begin) * panelColumns;
      float* gathered = scratch + blockFloats + farFloats;
      return RowMajorSink{gathered - strips.begin(block.begin) * stride - panels.begin(group.begin), stride};
    } else {
      return sink;
    }
  }

  template <typename Tiles>
  void finishBlock(const Tiles& tiles, Range block, Range group, int64_t k0) const {
    if (k0 + blockDepth < shape.k) return;
    finish(tiles, strips.begin(block.begin), strips.begin(block.end), panels.begin(group.begin), panels.begin(group.end));
  }

  // A strip of A, packed or where it is.
  MatrixView rowsOf(int64_t strip, int64_t k0, const float* packed) const {
    if constexpr (Left::liesInMemory) {
      if (!plan.packA) return a.inPlace(strips.begin(strip), k0);
    }
    return packedStrip(packed);
  }

  // A strip that has all rows, with B where it is; only a rest that fills no vector is packed.
  void multiplyStrip(int64_t strip, Range group, int64_t k0, float* scratch) const {
    const Range block{strip, strip + 1};
    const auto tiles = tilesOf(block, group, scratch);
    const int64_t depth = std::min(blockDepth, shape.k - k0), end = panels.begin(group.end);
    TilePlace place{strips.begin(strip), panels.begin(group.begin), 0, k0 == 0, k0 + depth >= shape.k};
    const MatrixView rows = a.inPlace(place.row, k0);
    const Rows right{b.at(k0, place.column), b.rowStride};
    if (plan.farB) {
      multiplyInPlace<true>(strips.height(strip), depth, rows, right, place, end, tiles);
    } else {
      multiplyInPlace<false>(strips.height(strip), depth, rows, right, place, end, tiles);
    }
    place.columns = end - place.column;
    if (place.columns > 0) {
      packPanel(b, {k0, place.column}, depth, place.columns, scratch);
      computeTileOf<1>(strips.height(strip), depth, rows, PackedRows{scratch}, place, tiles);
    }
    finishBlock(tiles, block, group, k0);
  }

  // C of one column: every element is the dot product of a row of A with B.
  void multiplyVector(Range rows, Range panel, float* scratch) const {
    const auto tiles = tilesOf(rows, panel, scratch);
    for (int64_t row = strips.begin(rows.begin); row < strips.begin(rows.end); row++) {
      Tile<1, 1> sum = {};
      sum[0][0][0] = sumOfRow(shape.k, [](Vec x, Vec y) { return x * y; }, a.inPlace(row, 0).data, b.data);
      tiles.template put<1, 1>({row, 0, 1, true, true}, sum);
    }
    finish(tiles, strips.begin(rows.begin), strips.begin(rows.end), 0, 1);
  }

  // C of few columns, while A and B stream by.
  void multiplyStreams(Range rows, Range columns) const {
    for (int64_t k0 = 0; k0 < shape.k; k0 += streamDepth) {
      const int64_t depth = std::min(streamDepth, shape.k - k0);
      for (int64_t panel = columns.begin; panel < columns.end; panel++)
        for (int64_t strip = rows.begin, next; strip < rows.end; strip = next) {
          next = strip < strips.larger ? std::min(rows.end, strips.larger) : rows.end;  // strips of one height
          const TilePlace place{strips.begin(strip), panels.begin(panel), panels.width(panel), k0 == 0, k0 + depth >= shape.k};
          const Rows left{a.inPlace(place.row, k0).data, a.view.columnStride}, right = rowsFrom(b, {k0, place.column});
          withVectors(place.columns, [&](auto vectors) {
            withRows(strips.height(strip), [&](auto height) {
              streamTiles<height, vectors>(next - strip, depth, left, right, place, sink);
            });
          });
        }
    }
    finish(sink, strips.begin(rows.begin), strips.begin(rows.end), panels.begin(columns.begin), panels.begin(columns.end));
  }

  // What is packed after a panel: the one to its right, else one deeper down, else in the next group.
  Rows packedAfter(int64_t k0, int64_t panel, Range group) const {
    if (panel + 1 < group.end) return rowsFrom(b, {k0, panels.begin(panel + 1)});
    if (k0 + blockDepth < shape.k) return rowsFrom(b, {k0 + blockDepth, panels.begin(group.begin)});
    return rowsFrom(b, {0, panels.begin(group.end)});
  }
};

// C = A · B through `sink`. `finish(tiles, row, rowEnd, column, columnEnd)` is called on blocks of C when they are complete,
// with the sink that their tiles went to.
template <typename Left, typename Right, typename Sink, typename Finish>
Kernel gemm(GemmShape shape, Left a, Right b, int threads, Sink sink, Finish finish) {
  if (shape.m == 0 || shape.n == 0) return {};
  using Product = Gemm<Left, Right, Sink, Finish>;
  GemmLayout layout{Left::liesInMemory, a.alongRows(), alongRows(b), false, std::is_same_v<Sink, Gather>, Product::blockDepth};
  if constexpr (std::is_same_v<Right, MatrixView>) layout.bAlongColumns = b.rowStride == 1;
  const GemmPlan plan = planOf(shape, layout, threads);
  const Product product{shape, a, b, sink, finish, plan, Strips(shape.m), Panels(shape.n)};
  return {{plan.rowBlocks * plan.columnBlocks, [=](int64_t begin, int64_t end, const StepContext& context) {
             for (int64_t task = begin; task < end; task++) {
               product.multiply(partOf(product.strips.count, task / plan.columnBlocks, plan.rowBlocks),
                                partOf(product.panels.count(), task % plan.columnBlocks, plan.columnBlocks), context.scratch);
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
