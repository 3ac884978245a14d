// A convolution as a product whose left factor is read where it is: the taps of a place are lines of its image. Places
// whose patches reach out in the same way share the taps that they have, so that no padding is ever multiplied.
#pragma once
#include <memory>

#include "convolution-end.h"
#include "convolution-tiles.h"
#include "patches.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Neighbouring places along an axis that have the same taps [firstTap, lastTap) inside the source.
struct PlaceRange {
  int64_t begin, end, firstTap, lastTap;

  int64_t size() const { return end - begin; }
};

inline std::vector<PlaceRange> rangesOf(const PatchAxis& axis) {
  std::vector<PlaceRange> ranges;
  for (int64_t p = 0; p < axis.places; p++) {
    const auto at = [&](int64_t tap) { return p * axis.step + axis.offsets[static_cast<size_t>(tap)]; };
    int64_t first = 0, last = axis.taps();
    while (first < last && at(first) < 0) first++;
    while (first < last && at(last - 1) >= axis.source) last--;
    if (ranges.empty() || ranges.back().firstTap != first || ranges.back().lastTap != last) ranges.push_back({p, p, first, last});
    ranges.back().end = p + 1;
  }
  return ranges;
}

// A place of a region, and where in memory it begins, from the images' and from the target's first float on.
struct RegionPlace {
  int64_t line, column;
  int64_t source, target;
};

// A rectangle of places that have the same taps, in every image.
struct Region {
  int64_t images, lines, columns;
  int64_t source, target;  // of its first place
  bool byLine;             // are strips parts of one line?
  Strips parts;            // of a line, or of all places
  std::vector<Run> runs;
  std::vector<size_t> blocks;  // where the runs of each block of the depth begin, and the end
  PlaceStrides sourceStrides, targetStrides;

  int64_t strips() const { return byLine ? images * lines * parts.count : parts.count; }
  int64_t height(int64_t strip) const { return parts.height(byLine ? strip % parts.count : strip); }

  // The first one of a strip.
  RegionPlace placeOf(int64_t strip) const {
    const int64_t row = byLine ? strip / parts.count * columns + parts.begin(strip % parts.count) : parts.begin(strip);
    const int64_t column = row % columns, line = row / columns % lines, image = row / columns / lines;
    const auto offset = [&](const PlaceStrides& strides) {
      return image * strides.image + line * strides.line + column * strides.place;
    };
    return {line, column, source + offset(sourceStrides), target + offset(targetStrides)};
  }
  // By places that end where the line does, or before.
  void advance(RegionPlace& at, int64_t places) const {
    move(at, places * sourceStrides.place, places * targetStrides.place);
    at.column += places;
    if (at.column < columns) return;
    at.column = 0;
    move(at, sourceStrides.line - columns * sourceStrides.place, targetStrides.line - columns * targetStrides.place);
    if (++at.line < lines) return;
    at.line = 0;
    move(at, sourceStrides.image - lines * sourceStrides.line, targetStrides.image - lines * targetStrides.line);
  }

 private:
  static void move(RegionPlace& at, int64_t source, int64_t target) {
    at.source += source;
    at.target += target;
  }
};

// Some strips of a region.
struct Piece {
  size_t region;
  Range strips;
};

// Floats of a group of packed panels, which stay in the second-level cache, and of one of them over a block of the depth.
constexpr int64_t groupFloats = nearFloats, blockPanelFloats = groupFloats / 2;
// Of a slice of the images, with what becomes of them.
constexpr int64_t sliceFloats = (128 << 10) / sizeof(float);

// Places that meet the same kernel: the product of their patches with it, for one group of channels. `Right` is the kernel
// [depth, outputs], as packPanel takes it.
template <typename Right>
struct Correlation {
  Right kernel;
  const float* images;
  float* target;
  PlaceStrides sourceStrides, targetStrides;
  int64_t outputs, depth;
  int64_t deepest;  // of a block of the depth: whole lines of taps, where they fit
  int64_t slices;   // of the images, which stay in the cache while all their regions are gone through
  std::vector<Region> regions;

  Correlation(const Right& kernel, const Patches& patches, float* target, const PlaceStrides& targetStrides, int64_t outputs)
      : kernel(kernel), images(patches.data), target(target), sourceStrides(patches.strides()), targetStrides(targetStrides),
        outputs(outputs), depth(patches.columns()) {
    constexpr int64_t most = blockPanelFloats / panelColumns;
    const int64_t line = std::clamp<int64_t>(patches.horizontal.taps() * patches.groupChannels, 1, most);
    deepest = most / line * line;
    const int64_t floats = patches.images * (sourceStrides.image + targetStrides.image);
    slices = std::clamp<int64_t>(floats / sliceFloats, 1, std::max<int64_t>(1, patches.images));
    for (const PlaceRange& rows : rangesOf(patches.vertical))
      for (const PlaceRange& columns : rangesOf(patches.horizontal)) regions.push_back(regionOf(patches, rows, columns));
  }

  int64_t blocks() const { return std::max<int64_t>(1, (depth + deepest - 1) / deepest); }

  // Some pieces, by some panels. A group of packed panels meets all of them before the next one is packed.
  template <typename End>
  void multiply(const std::vector<Piece>& pieces, Range panels, const End& end, float* scratch) const {
    if (pieces.empty()) return;
    for (int64_t block = 0; block < blocks(); block++) {
      const int64_t k0 = block * deepest, size = std::min(deepest, depth - k0);
      const int64_t together = std::max<int64_t>(1, groupFloats / std::max<int64_t>(1, size * panelColumns));
      for (int64_t first = panels.begin; first < panels.end; first += together) {
        multiplyGroup(pieces, {first, std::min(panels.end, first + together)}, block, size, end, scratch);
      }
    }
  }

 private:
  template <typename End>
  void multiplyGroup(const std::vector<Piece>& pieces, Range group, int64_t block, int64_t size, const End& end,
                     float* scratch) const {
    const int64_t k0 = block * deepest;
    const bool first = block == 0, last = block + 1 == blocks();
    const Panels allPanels(outputs);
    const auto packed = [&](int64_t panel) { return scratch + (panel - group.begin) * size * panelColumns; };
    for (int64_t panel = group.begin; panel < group.end; panel++) {
      packPanel(kernel, {k0, allPanels.begin(panel)}, size, allPanels.width(panel), packed(panel));
    }
    for (const Piece& piece : pieces) {
      const Region& region = regions[piece.region];
      const Run *run = region.runs.data() + region.blocks[static_cast<size_t>(block)],
                *lastRun = region.runs.data() + region.blocks[static_cast<size_t>(block) + 1];
      RegionPlace at = region.placeOf(piece.strips.begin);
      for (int64_t strip = piece.strips.begin; strip < piece.strips.end; strip++) {
        const int64_t height = region.height(strip);
        if (region.byLine) {
          const LinePlaces places{images + at.source, target + at.target, sourceStrides.place, targetStrides.place};
          const float* rows = scratch - k0 * lanes;
          dispatchLine(height, places, run, lastRun, rows, {0, 0, outputs, first, last}, end);
          region.advance(at, height);
          continue;
        }
        const TilePlaces places = placesOf(region, height, at);
        for (int64_t panel = group.begin; panel < group.end; panel++) {
          const int64_t columns = allPanels.width(panel);
          const float* rows = packed(panel) - k0 * packedWidth(columns);
          const TilePlace tile{0, allPanels.begin(panel), columns, first, last};
          withVectors(columns, [&](auto vectors) { dispatchTile<vectors>(height, places, run, lastRun, rows, tile, end); });
        }
      }
    }
  }

  // The next `count` places from `at` on, which moves behind them.
  TilePlaces placesOf(const Region& region, int64_t count, RegionPlace& at) const {
    TilePlaces places;
    for (int64_t i = 0; i < count; i++, region.advance(at, 1)) {
      places.source[i] = images + at.source;
      places.target[i] = target + at.target;
    }
    return places;
  }
  Region regionOf(const Patches& patches, const PlaceRange& rows, const PlaceRange& columns) const {
    const int64_t channels = patches.channels, line = patches.horizontal.source * channels;
    const bool whole = patches.horizontal.neighbours() && patches.groupChannels == channels;
    const int64_t taps = columns.lastTap - columns.firstTap, together = whole ? std::max<int64_t>(1, taps) : 1;
    const bool byLine = whole && taps == lineTaps && patches.horizontal.step == 1 && outputs <= lanes &&
                        fitsLineTiles(columns.size()) && deepest % (patches.horizontal.taps() * channels) == 0;
    Region region{patches.images, rows.size(), columns.size(),
                  rows.begin * sourceStrides.line + columns.begin * sourceStrides.place,
                  rows.begin * targetStrides.line + columns.begin * targetStrides.place, byLine,
                  byLine ? Strips(columns.size(), mostOfLine) : Strips(patches.images * rows.size() * columns.size()),
                  {}, {}, sourceStrides, targetStrides};
    for (int64_t y = rows.firstTap; y < rows.lastTap; y++) {
      for (int64_t x = columns.firstTap; x < columns.lastTap; x += together) {
        addRuns(region, {patches.vertical.offsets[static_cast<size_t>(y)] * line +
                             patches.horizontal.offsets[static_cast<size_t>(x)] * channels,
                         (y * patches.horizontal.taps() + x) * patches.groupChannels, together * patches.groupChannels});
      }
    }
    size_t run = 0;
    for (int64_t block = 0; block <= blocks(); block++) {
      while (run < region.runs.size() && region.runs[run].kernel < block * deepest) run++;
      region.blocks.push_back(block == blocks() ? region.runs.size() : run);
    }
    return region;
  }

  // A run, cut where blocks of the depth end.
  void addRuns(Region& region, Run run) const {
    while (run.depth > 0) {
      const int64_t depth = std::min(run.depth, deepest - run.kernel % deepest);
      region.runs.push_back({run.source, run.kernel, depth});
      run = {run.source + depth, run.kernel + depth, run.depth - depth};
    }
  }
};

// The cost of a strip: the depth of its sums, and a little for every run. A strip of a line is the larger one.
inline int64_t costOf(const Region& region) {
  int64_t cost = 8;
  for (const Run& run : region.runs) cost += run.depth + 1;
  return region.byLine ? cost + cost / 4 : cost;
}

// Those pieces of the correlations, one after the other, whose cost lies in one of `parts` equal parts.
template <typename Right>
std::vector<std::vector<Piece>> piecesOf(const std::vector<Correlation<Right>>& correlations, int64_t part, int64_t parts) {
  int64_t total = 0;
  for (const auto& correlation : correlations)
    for (const Region& region : correlation.regions) total += region.strips() * costOf(region);
  const Range share = partOf(total, part, parts);
  std::vector<std::vector<Piece>> result;
  int64_t before = 0;
  for (const auto& correlation : correlations) {
    result.emplace_back();
    for (int64_t slice = 0; slice < correlation.slices; slice++) {
      for (size_t i = 0; i < correlation.regions.size(); i++) {
        const Region& region = correlation.regions[i];
        const Range all = partOf(region.strips(), slice, correlation.slices);
        const int64_t count = all.end - all.begin, cost = costOf(region);
        const auto from = [&](int64_t at) { return all.begin + std::clamp<int64_t>((at - before + cost - 1) / cost, 0, count); };
        const Piece piece{i, {from(std::max(share.begin, before)), from(std::max(share.end, before))}};
        if (piece.strips.begin < piece.strips.end) result.back().push_back(piece);
        before += cost * count;
      }
    }
  }
  return result;
}

// The correlations of every group of channels: products of the same shapes, of which the group's targets are the sums.
template <typename Right, typename End>
Kernel correlate(std::vector<std::vector<Correlation<Right>>> groups, const End& end, int threads) {
  if (groups.empty()) return {};
  const int64_t count = static_cast<int64_t>(groups.size()), outputs = groups[0][0].outputs, panels = Panels(outputs).count();
  int64_t strips = 0;
  for (const auto& correlation : groups[0])
    for (const Region& region : correlation.regions) strips += region.strips();
  if (strips == 0 || panels == 0) return {};
  GemmPlan grid{};
  // Where sums are short, to find the places of a strip takes as long as to pack it would.
  const FactorCost cost{groups[0][0].depth <= shallowDepth ? 1.0 : 0.0, 1.0};
  shareOut(grid, strips, Panels(outputs), cost, static_cast<int>((threads + count - 1) / count));
  struct Work {
    std::vector<std::vector<Correlation<Right>>> groups;
    std::vector<std::vector<std::vector<Piece>>> shares;  // by part and correlation
  };
  const auto work = std::make_shared<Work>(Work{std::move(groups), {}});
  for (int64_t part = 0; part < grid.rowBlocks; part++) work->shares.push_back(piecesOf(work->groups[0], part, grid.rowBlocks));
  return {{count * grid.rowBlocks * grid.columnBlocks, [=](int64_t begin, int64_t stop, const StepContext& context) {
             for (int64_t task = begin; task < stop; task++) {
               const int64_t rows = task / grid.columnBlocks, group = rows / grid.rowBlocks;
               const auto& correlations = work->groups[static_cast<size_t>(group)];
               const auto& shares = work->shares[static_cast<size_t>(rows % grid.rowBlocks)];
               for (size_t i = 0; i < correlations.size(); i++) {
                 correlations[i].multiply(shares[i], partOf(panels, task % grid.columnBlocks, grid.columnBlocks),
                                          end.from(group * outputs), context.scratch);
               }
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
