// The gradient of a convolution's kernel: for each tap the product of x, transposed, with dy, over the places that meet there.
//
// The sum goes over blocks of places, which depend on shapes only. Of a block, strips of the channels of x and panels of the
// channels of dy are packed once for all taps, or read where they are where a place is short enough; a tap's tile goes
// through them by a list of the pairs that meet, in which there is no padding. Where x has few channels, a line of taps
// takes the place of a tap: their channels lie side by side in the image, which then is copied with its padding at the sides.
// Where dy has few, neighbouring taps go through the lines that meet at once.
#pragma once
#include "convolution.h"
#include "kernel-gradient-tiles.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Some images, or some lines of one: places of y, and what of x they meet.
struct PlaceBlock {
  int64_t image, images;
  int64_t line, lines;    // of y
  int64_t xLine, xLines;
};

// The output places along an axis that meet an input place at kernel place k: those where o · stride - shift is one.
inline Range placesThatMeet(const ConvAxis& axis, int64_t k) {
  const int64_t shift = axis.padding - k * axis.dilation, roundUp = axis.stride - 1;
  const int64_t begin = std::clamp<int64_t>((shift + roundUp) / axis.stride, 0, axis.output);
  return {begin, std::clamp<int64_t>((axis.input + shift + roundUp) / axis.stride, begin, axis.output)};
}

// Do the channels of a line of taps lie side by side, and are those of one tap too few for a tile?
inline bool goesByLine(const Convolution& convolution) {
  return convolution.groups() == 1 && convolution.inputs < tileRows && convolution.geometry.horizontal.dilation == 1;
}

// Is a place of x, all its channels, not longer than a line of the cache, of which every strip then has its part?
inline bool hasShortPlaces(const Convolution& convolution) { return convolution.inputs <= cacheLineFloats; }

// Are the channels of dy one panel, which it then is as it lies in memory?
inline bool isOnePanel(const Convolution& convolution) {
  const int64_t outputs = convolution.groupOutputs();
  return outputs == convolution.outputs && outputs == packedWidth(outputs) && Panels(outputs).count() == 1;
}

// Are the channels of dy one vector, and do neighbouring taps meet neighbouring places of it?
inline bool groupsTaps(const Convolution& convolution) {
  const ConvAxis& axis = convolution.geometry.horizontal;
  return !goesByLine(convolution) && convolution.groupOutputs() <= lanes && axis.kernel > 1 && axis.stride == 1 && axis.dilation == 1;
}

// For one group of channels. `finish(sink, row, rowEnd, column, columnEnd)` is called on complete rows of dkernel
// [taps · inputs, outputs].
template <typename Sink, typename Finish>
struct KernelGradient {
  Convolution convolution;
  const float *x, *dy;  // the first channels of the group
  Sink sink;
  Finish finish;
  bool byLine, packX, packDy;
  int64_t rowsPerTap;  // of dkernel; a line of taps counts as one here
  std::vector<TapGroup> tapGroups;  // of a line of the kernel, if it has any
  Strips strips;

  KernelGradient(const Convolution& convolution, const float* x, const float* dy, const Sink& sink, const Finish& finish)
      : convolution(convolution), x(x), dy(dy), sink(sink), finish(finish), byLine(goesByLine(convolution)),
        packX(!byLine && !hasShortPlaces(convolution)), packDy(!isOnePanel(convolution)),
        rowsPerTap(byLine ? convolution.inputs * convolution.geometry.horizontal.kernel : convolution.groupInputs()),
        tapGroups(groupsTaps(convolution) ? tapGroupsOf(convolution.geometry.horizontal) : std::vector<TapGroup>{}),
        strips(rowsPerTap, mostRows()) {}

  // Is there a block, and does it fit into a thread's scratch memory?
  bool fits() const {
    return convolution.images > 0 && floatsPerStrip() <= mostStripFloats && places() * panelColumns <= mostPanelFloats;
  }

  // An element is packed once for all taps. It comes from memory, as a place of y does with so many of x. Rows of dkernel are
  // added to in each block.
  FactorCost factorCost() const {
    constexpr double cycles = 4;
    const double perTap = cycles / static_cast<double>(taps());
    return {perTap * static_cast<double>(vertical().stride * horizontal().stride) + cyclesOfCutRow / blockPlaces, perTap};
  }

  void multiply(Range some, Range panels, float* scratch) const {
    const int64_t count = some.end - some.begin;
    const int64_t most = byLine ? count : std::max<int64_t>(1, mostStripFloats / floatsPerStrip());
    const int64_t parts = (count + most - 1) / most;
    for (int64_t i = 0; i < parts; i++) {
      const Range part = partOf(count, i, parts), group{some.begin + part.begin, some.begin + part.end};
      const int64_t lists = vertical().kernel * listsPerLine(), together = std::max<int64_t>(1, mostPairs / places());
      for (int64_t list = 0; list < lists; list += together)
        multiplyLists({list, std::min(lists, list + together)}, group, panels, scratch);
      const int64_t begin = allPanels().begin(panels.begin), end = allPanels().begin(panels.end);
      for (int64_t tap = 0; tap < taps(); tap++) {
        const int64_t row = tap * rowsPerTap;
        finish(sink, row + strips.begin(group.begin), row + strips.begin(group.end), begin, end);
      }
    }
  }

 private:
  // Places of y and of x in a block, if not one line has more: a strip then fits into the first-level cache, and a panel into
  // it or the second-level one.
  static constexpr int64_t blockPlaces = 256, blockXPlaces = 512;
  static constexpr int64_t mostStripFloats = 2 * blockFloats, mostPanelFloats = 1 << 16, mostPairs = 1 << 15;
  static_assert(mostStripFloats + mostPanelFloats + 2 * mostPairs <= static_cast<int64_t>(scratchBytes / sizeof(float)));

  const ConvAxis& vertical() const { return convolution.geometry.vertical; }
  const ConvAxis& horizontal() const { return convolution.geometry.horizontal; }
  Panels allPanels() const { return Panels(convolution.groupOutputs()); }
  bool byGroups() const { return !tapGroups.empty(); }
  // Of a tile.
  int64_t mostRows() const {
    if (byGroups()) return rowsOfTaps;
    return !packX && convolution.groupOutputs() <= lanes ? tallRows : tileRows;
  }
  int64_t taps() const { return byLine ? vertical().kernel : convolution.geometry.kernelPlaces(); }

  // Of a line of x with its padding: those that taps meet.
  int64_t paddedPlaces() const { return (horizontal().output - 1) * horizontal().stride + horizontal().kernel; }
  // All strips read the same lines where it goes by line.
  int64_t floatsPerStrip() const { return byLine ? xLines() * paddedPlaces() * convolution.inputs : stripFloats(xLines() * horizontal().input); }

  int64_t linesPerBlock() const {
    const int64_t some = std::min(blockPlaces / horizontal().output, blockXPlaces / (horizontal().input * vertical().stride));
    return imagesFit() > 0 ? vertical().output : std::clamp<int64_t>(some, 1, vertical().output);
  }
  int64_t imagesPerBlock() const { return std::max<int64_t>(1, std::min(imagesFit(), convolution.images)); }
  int64_t imagesFit() const {
    return std::min(blockPlaces / convolution.geometry.outputPlaces(), blockXPlaces / convolution.geometry.inputPlaces());
  }
  PlaceBlock blockAt(int64_t image, int64_t line) const {
    const int64_t lines = std::min(linesPerBlock(), vertical().output - line);
    const int64_t xLine = std::clamp<int64_t>(vertical().inputPlace(line, 0), 0, vertical().input);
    const int64_t xEnd = std::clamp<int64_t>(vertical().inputPlace(line + lines - 1, vertical().kernel - 1) + 1, xLine, vertical().input);
    return {image, std::min(imagesPerBlock(), convolution.images - image), line, lines, xLine, xEnd - xLine};
  }
  // The most in a block.
  int64_t places() const { return imagesPerBlock() * linesPerBlock() * horizontal().output; }
  int64_t xLines() const {
    const int64_t lines = (linesPerBlock() - 1) * vertical().stride + (vertical().kernel - 1) * vertical().dilation + 1;
    return imagesPerBlock() * std::min(lines, vertical().input);
  }

  // There is a list of pairs for each tap, or for each group of a line's.
  int64_t listsPerLine() const {
    if (byLine) return 1;
    return byGroups() ? static_cast<int64_t>(tapGroups.size()) : horizontal().kernel;
  }

  // The same lines of all images one after the other, in which the same pairs meet.
  void multiplyLists(Range lists, Range group, Range panels, float* scratch) const {
    auto* pairs = reinterpret_cast<PlacePair*>(scratch + mostStripFloats + mostPanelFloats);
    std::vector<PlacePair*> ends;  // of each list, after the begin of the first
    for (int64_t line = 0; line < vertical().output; line += linesPerBlock()) {
      int64_t images = 0;
      for (int64_t image = 0; image < convolution.images; image += imagesPerBlock()) {
        const PlaceBlock block = blockAt(image, line);
        if (block.images != images) {
          ends.assign(1, pairs);
          for (int64_t list = lists.begin; list < lists.end; list++) ends.push_back(pairsOf(block, list, ends.back()));
          images = block.images;
        }
        multiplyBlock(block, lists, ends, group, panels, scratch);
      }
    }
  }

  void multiplyBlock(const PlaceBlock& block, Range lists, const std::vector<PlacePair*>& ends, Range group, Range panels,
                     float* scratch) const {
    const bool fresh = block.image == 0 && block.line == 0;
    float *packedStrips = scratch, *packedPanel = scratch + mostStripFloats;
    if (byLine) copyLines(block, packedStrips);
    if (packX) packStrips(block, group, packedStrips);
    for (int64_t panel = panels.begin; panel < panels.end; panel++) {
      const int64_t column = allPanels().begin(panel), columns = allPanels().width(panel);
      if (packDy) packPlaces(block, column, columns, packedPanel);
      const float* panelData = packDy ? packedPanel : firstOfDy(block, 0);
      for (int64_t strip = group.begin; strip < group.end; strip++) {
        const float* stripData = packX ? packedStrips + (strip - group.begin) * floatsPerStrip()
                                       : (byLine ? packedStrips : firstOfX(block, 0)) + strips.begin(strip);
        for (int64_t list = lists.begin; list < lists.end; list++) {
          PlacePair* const* pairs = &ends[static_cast<size_t>(list - lists.begin)];
          multiplyList(list, pairs[0], pairs[1], strips.height(strip), {stripData, xWidth()}, panelData,
                       {strips.begin(strip), column, columns, fresh, true});
        }
      }
    }
  }

  // Adds what the pairs of a list give to the tiles of its taps, of which `place` is that of the kernel's first tap.
  void multiplyList(int64_t list, const PlacePair* pair, const PlacePair* end, int64_t rows, const StripOfPlaces& strip, const float* panel,
                    TilePlace place) const {
    if (byGroups()) {
      const TapGroup& group = tapGroups[static_cast<size_t>(list % listsPerLine())];
      place.row += (list / listsPerLine() * horizontal().kernel + group.first) * rowsPerTap;
      return dispatchLines(group.count, rows, pair, end, group, strip, panel, place, rowsPerTap, sink);
    }
    place.row += list * rowsPerTap;
    withVectors(place.columns, [&](auto vectors) { dispatchPairs<vectors>(rows, pair, end, strip, panel, place, sink); });
  }

  // The first place of a block in an image of it.
  const float* firstOfX(const PlaceBlock& block, int64_t image) const {
    return x + ((block.image + image) * vertical().input + block.xLine) * horizontal().input * convolution.inputs;
  }
  const float* firstOfDy(const PlaceBlock& block, int64_t image) const {
    return dy + ((block.image + image) * vertical().output + block.line) * horizontal().output * convolution.outputs;
  }

  void packStrips(const PlaceBlock& block, Range group, float* target) const {
    const int64_t begin = strips.begin(group.begin), readable = convolution.groupInputs() - begin;
    const int64_t perStrip = floatsPerStrip();
    int64_t k = 0;
    for (int64_t image = 0; image < block.images; image++) {
      const float* source = firstOfX(block, image) + begin;
      for (int64_t i = 0; i < block.xLines * horizontal().input; i++, source += convolution.inputs)
        packColumn(strips, group.begin, group.end, source, readable, k++, target, perStrip);
    }
  }

  void copyLines(const PlaceBlock& block, float* target) const {
    const int64_t channels = convolution.inputs, line = horizontal().input * channels;
    const int64_t size = paddedPlaces() * channels, before = std::min(horizontal().padding * channels, size);
    const int64_t copied = std::min(line, size - before);
    for (int64_t image = 0; image < block.images; image++) {
      const float* source = firstOfX(block, image);
      for (int64_t i = 0; i < block.xLines; i++, source += line, target += size) {
        std::fill(target, target + before, 0.0f);
        std::copy(source, source + copied, target + before);
        std::fill(target + before + copied, target + size, 0.0f);
      }
    }
  }

  void packPlaces(const PlaceBlock& block, int64_t column, int64_t columns, float* panel) const {
    const int64_t count = block.lines * horizontal().output;
    for (int64_t image = 0; image < block.images; image++) {
      packPanel({firstOfDy(block, image), convolution.outputs, 1}, {0, column}, count, columns, panel);
      panel += count * packedWidth(columns);
    }
  }

  // From place to place of a strip.
  int64_t xWidth() const { return packX ? tileRows : convolution.inputs; }

  // The places of a line of dy that have a pair in a list: a group of taps wants to know where lines begin.
  Range placesWithPair(int64_t kx) const {
    if (byGroups()) return {0, 1};
    return byLine ? Range{0, horizontal().output} : placesThatMeet(horizontal(), kx);
  }

  // Writes the pairs of a list and returns their end.
  PlacePair* pairsOf(const PlaceBlock& block, int64_t list, PlacePair* pair) const {
    const int64_t ky = list / listsPerLine(), kx = list % listsPerLine();
    const Range met = placesWithPair(kx);
    const int64_t shift = byGroups() || byLine ? 0 : horizontal().inputPlace(0, kx);
    const int64_t imageLines = packX || byLine ? block.xLines : vertical().input, size = xWidth();
    for (int64_t image = 0; image < block.images; image++) {
      for (int64_t line = 0; line < block.lines; line++) {
        const int64_t iy = vertical().inputPlace(block.line + line, ky);
        if (!vertical().hasInput(iy)) continue;
        const int64_t xLine = image * imageLines + iy - block.xLine;
        const int64_t first = xLine * (byLine ? paddedPlaces() : horizontal().input) + shift;
        const int64_t yLine = (image * block.lines + line) * horizontal().output;
        for (int64_t o = met.begin; o < met.end; o++)
          *pair++ = {static_cast<int32_t>((first + o * horizontal().stride) * size), static_cast<int32_t>((yLine + o) * lanes)};
      }
    }
    return pair;
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
