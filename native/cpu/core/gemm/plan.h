// How a product is cut up: the one place where that is decided, by its shape and by how its factors lie in memory.
#pragma once
#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "pack.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// C [m, n] = A [m, k] · B [k, n]
struct GemmShape {
  int64_t m, n, k;
};

// Depth of a block of k. Constants: they decide the order of summation, which must depend neither on threads nor on what else is
// decided here, nor on the number of rows, for a sample has the same bits in any batch. A strip of A of the near depth takes a quarter
// of the first-level cache of most processors (32 KB), through which panels of B pass. The deep one is for sums that it takes long to
// take up again.
constexpr int64_t nearBlockDepth = 256, deepBlockDepth = 512;

// A packed block of A stays in the second-level cache, of which there are at least 256 KB, while panels of B and tiles of
// C pass through the rest of it.
constexpr int64_t blockFloats = (192 << 10) / sizeof(float);
// Where a strip of A meets all panels of B before the next strip does, it is the panels that stay there. Processors with
// AVX-512 have at least 512 KB.
constexpr int64_t nearFloats = ((lanes == 16 ? 512 : 256) << 10) / sizeof(float);
// Up to this depth, the time goes into C rather than into the product: it is gone through row by row.
constexpr int64_t shallowDepth = 128;
// What of C is gathered for a sink that wants more than tiles.
constexpr int64_t gatheredFloats = (128 << 10) / sizeof(float);
// Packed panels that each meet a whole block of A may come from the third-level cache.
constexpr int64_t farFloats = static_cast<int64_t>(scratchBytes / sizeof(float)) - blockFloats - gatheredFloats;
static_assert(nearFloats <= farFloats);

// With more columns of C than this, it pays to pack an A that is read across its rows, of which each tile else reads a line of
// the cache for every few elements. Rows that lie along memory are read where they are: a strip of them stays in the
// first-level cache.
inline int64_t columnsNotToPack(int64_t depth) { return depth < 64 ? 256 : 16; }
// Up to so many columns of C it does not, where the depth is large: A and B stream by, and C stays in the second-level cache
// (stream.h). Twice as many where A is too large for any cache.
constexpr int64_t streamedColumns = 32, fewestStreamedRows = 64, mostStreamedFloats = (512 << 10) / sizeof(float);
constexpr int64_t mostCachedFloats = (16 << 20) / sizeof(float);

inline bool streams(const GemmShape& shape) {
  const int64_t columns = shape.m * shape.k >= mostCachedFloats ? 2 * streamedColumns : streamedColumns;
  return shape.k > shallowDepth && shape.n <= columns && shape.n % lanes == 0 && shape.m >= fewestStreamedRows &&
         shape.m * shape.n < mostStreamedFloats;
}

// So few strips in place stay in the caches: a panel is best used by all of them as soon as it is packed.
constexpr int64_t fewStrips = 16;

// Rows of C up to which A · Bᵀ is computed as (B · Aᵀ)ᵀ.
constexpr int64_t rowsToTranspose = 256;

struct GemmPlan {
  int64_t rowBlocks, columnBlocks;  // tasks: C is cut into a grid
  int64_t groupPanels;              // panels of B that are packed together
  int64_t blockStrips;              // strips of A that are packed together
  bool packA, packB;
  bool farB;                        // is B too large to be expected in the second-level cache?
  bool rowsFirst;                   // does a strip meet all panels before the next one does, or a panel all strips?
  bool keepPanels;                  // are packed panels used by another block of A?
  bool streams;                     // do A and B stream by?
  bool dots;                        // is each element of C the dot product of two vectors in memory?
};

// Floats of a packed strip with room to spare.
inline int64_t stripFloats(int64_t depth) { return tileRows * (depth + cacheLineFloats); }

// Cycles that are lost at a row of C that two threads share, where they change what lies beside it in memory: each fetches ahead
// what is the other's.
constexpr double cyclesOfCutRow = 256;

// Cycles for an element of either factor, for one row of the depth, in each task that has it: to pack it, or to read it once more.
struct FactorCost {
  double a, b;
};

// When the last of the tasks ends, in cycles for one row of the depth: a grid of C, whose parts are as even as whole strips and
// panels let them be, and of which each thread takes the next when it is done with one.
inline double endOf(int64_t strips, const Panels& panels, int64_t rowBlocks, int64_t columnBlocks, FactorCost cost, int threads) {
  std::priority_queue<double, std::vector<double>, std::greater<>> free;  // when each thread is, the soonest first
  for (int i = 0; i < threads; i++) free.push(0);
  double last = 0;
  for (int64_t task = 0; task < rowBlocks * columnBlocks; task++) {
    const Range ofRows = partOf(strips, task / columnBlocks, rowBlocks), ofColumns = partOf(panels.count(), task % columnBlocks, columnBlocks);
    const auto height = static_cast<double>((ofRows.end - ofRows.begin) * tileRows);
    const auto width = static_cast<double>(panels.begin(ofColumns.end) - panels.begin(ofColumns.begin));
    constexpr double productsPerCycle = 2 * lanes;
    const double end = free.top() + height * width / productsPerCycle + cost.a * height + cost.b * width;
    free.pop();
    free.push(end);
    last = std::max(last, end);
  }
  return last;
}

// Cuts C into up to four tasks for each thread, so that the last of them ends soonest. Two for each, so that one that the system has
// put aside can be helped out, unless others end that much sooner.
inline void shareOut(GemmPlan& plan, int64_t strips, const Panels& panels, FactorCost cost, int threads) {
  plan.rowBlocks = plan.columnBlocks = 1;
  if (threads == 1) return;
  constexpr double sooner = 0.98;
  double least = std::numeric_limits<double>::max();
  for (const int64_t perThread : {2, 4, 1}) {
    const int64_t tasks = perThread * threads;
    double soonest = perThread == 2 ? least : sooner * least;
    for (int64_t rows = 1; rows <= std::min(tasks, strips); rows++) {
      const int64_t columns = std::min(tasks / rows, panels.count());
      const double end = endOf(strips, panels, rows, columns, cost, threads);
      if (end >= soonest) continue;
      soonest = least = end;
      plan.rowBlocks = rows;
      plan.columnBlocks = columns;
    }
  }
}

// How the factors lie: the left one may not be in memory as a matrix, and then must be packed. Whether the sink gathers tiles,
// and the depth of its blocks.
struct GemmLayout {
  bool aInMemory, aAlongRows, bAlongRows, bAlongColumns, gathers;
  int64_t blockDepth;
};

inline GemmPlan planOf(const GemmShape& shape, const GemmLayout& layout, int threads) {
  const Panels allPanels(shape.n);
  const int64_t panels = allPanels.count(), strips = Strips(shape.m).count;
  const int64_t depth = std::clamp<int64_t>(shape.k, 1, layout.blockDepth);
  GemmPlan plan{};
  plan.farB = shape.k * shape.n > nearFloats;
  plan.dots = shape.n == 1 && layout.aInMemory && layout.aAlongRows && layout.bAlongColumns && !layout.gathers;
  plan.streams = layout.aInMemory && !layout.aAlongRows && layout.bAlongRows && !layout.gathers && streams(shape);
  // Where one tile has all rows, an element of B is used once.
  plan.packB = strips > 1 || !layout.bAlongRows || !layout.aInMemory;
  plan.packA = !layout.aInMemory || (!layout.aAlongRows && strips > 1 && shape.n > columnsNotToPack(depth));
  plan.blockStrips = std::max<int64_t>(1, blockFloats / stripFloats(depth));
  constexpr double packing = 1, reading = 0.15;
  const double cutRow = layout.gathers ? cyclesOfCutRow / static_cast<double>(std::max<int64_t>(1, shape.k)) : 0;
  shareOut(plan, strips, allPanels, {(plan.packA || plan.streams ? packing : reading) + cutRow, plan.packB ? packing : 0}, threads);
  const int64_t stripsOfTask = (strips + plan.rowBlocks - 1) / plan.rowBlocks;
  plan.rowsFirst = (!plan.packA && strips > fewStrips) || depth <= shallowDepth;
  // What is gathered is best gathered in long rows.
  const int64_t room = plan.rowsFirst && !layout.gathers ? nearFloats : farFloats;
  const int64_t fitting = std::max<int64_t>(1, room / (panelColumns * depth));
  if (layout.gathers) {
    constexpr int64_t tilesGathered = gatheredFloats / (tileRows * panelColumns);
    plan.groupPanels = std::min({fitting, panels, tilesGathered});
    if (!plan.rowsFirst) plan.blockStrips = std::min(plan.blockStrips, tilesGathered / plan.groupPanels);
  }
  plan.keepPanels = plan.rowsFirst || stripsOfTask > plan.blockStrips;
  if (!layout.gathers) plan.groupPanels = plan.packB && plan.keepPanels ? fitting : panels;
  return plan;
}

// Is C = A · B better computed as Cᵀ = Bᵀ · Aᵀ? To transpose a factor while it is packed costs most; with few rows of A that
// does not pay, unless there is next to nothing to pack. And a column of C is better a row: one tile has all of it.
inline bool betterTransposed(const GemmShape& shape, bool transposeA, bool transposeB) {
  if (transposeB) return shape.m <= rowsToTranspose && shape.k >= lanes;
  return transposeA && shape.n == 1;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
