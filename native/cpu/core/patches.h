// Patches of images as factors of a product: what makes a convolution one (Chellapilla, Puri & Simard, High Performance
// Convolutional Neural Networks for Document Processing, 2006), without ever having the matrix of all patches in memory.
#pragma once
#include <vector>

#include "gemm/pack.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Along one axis: the patch at place p has the places p · step + offsets[t] of the source, zeros where there are none.
struct PatchAxis {
  int64_t places, source, step;
  std::vector<int64_t> offsets;

  int64_t taps() const { return static_cast<int64_t>(offsets.size()); }
  bool neighbours() const {
    for (size_t t = 1; t < offsets.size(); t++)
      if (offsets[t] != offsets[t - 1] + 1) return false;
    return true;
  }
};

// From one image, line or place to the next, in floats.
struct PlaceStrides {
  int64_t image, line, place;
};

// Where a patch is taken from: an image, and the place of the patch's origin in it.
struct PatchPlace {
  int64_t image, y, x;
};

// Columns [begin, end) of one line of taps, at a vertical offset from the patch's origin.
struct PatchPiece {
  int64_t offset, begin, end;
};

// The patches of images [n, height, width, channels]: rows are places, columns taps, tap by tap the channels of the group.
struct Patches {
  const float* data;  // the first channel of the group
  int64_t images, channels, groupChannels;
  PatchAxis vertical, horizontal;

  // Of the patches' origins.
  PlaceStrides strides() const {
    const int64_t line = horizontal.source * channels;
    return {vertical.source * line, vertical.step * line, horizontal.step * channels};
  }

  int64_t rows() const { return images * vertical.places * horizontal.places; }
  int64_t columns() const { return vertical.taps() * lineColumns(); }

  PatchPlace placeOf(int64_t row) const {
    const int64_t line = row / horizontal.places;
    return {line / vertical.places, line % vertical.places * vertical.step, row % horizontal.places * horizontal.step};
  }
  void advance(PatchPlace& at) const {
    at.x += horizontal.step;
    if (at.x < horizontal.places * horizontal.step) return;
    at.x = 0;
    at.y += vertical.step;
    if (at.y < vertical.places * vertical.step) return;
    at.y = 0;
    at.image++;
  }

  // Columns [begin, end), line by line.
  std::vector<PatchPiece> pieces(int64_t begin, int64_t end) const {
    std::vector<PatchPiece> result;
    for (int64_t next; begin < end; begin = next) {
      const int64_t line = begin / lineColumns(), first = line * lineColumns();
      next = std::min(end, first + lineColumns());
      result.push_back({vertical.offsets[static_cast<size_t>(line)], begin - first, next - first});
    }
    return result;
  }

  void copy(const PatchPlace& at, const std::vector<PatchPiece>& pieces, float* to) const {
    for (const PatchPiece& piece : pieces) {
      const int64_t y = at.y + piece.offset;
      if (y < 0 || y >= vertical.source) {
        std::fill(to, to + (piece.end - piece.begin), 0.0f);
      } else {
        const float* line = data + (at.image * vertical.source + y) * horizontal.source * channels;
        copyLine(line, at.x, piece.begin, piece.end, to);
      }
      to += piece.end - piece.begin;
    }
  }

 private:
  int64_t lineColumns() const { return horizontal.taps() * groupChannels; }

  // Columns [begin, end) of a line of taps, from a line of an image.
  void copyLine(const float* line, int64_t px, int64_t begin, int64_t end, float* to) const {
    if (horizontal.neighbours() && groupChannels == channels) {
      // The taps lie side by side: all in one piece, but for what reaches out.
      const int64_t start = (px + horizontal.offsets[0]) * channels, length = horizontal.source * channels;
      const int64_t from = std::clamp<int64_t>(start + begin, 0, length), until = std::clamp<int64_t>(start + end, 0, length);
      const int64_t before = std::min(end - begin, std::max<int64_t>(0, -(start + begin)));
      std::fill(to, to + before, 0.0f);
      std::copy(line + from, line + until, to + before);
      std::fill(to + before + (until - from), to + (end - begin), 0.0f);
      return;
    }
    while (begin < end) {
      const int64_t tap = begin / groupChannels, next = std::min(end, (tap + 1) * groupChannels);
      const int64_t ix = px + horizontal.offsets[static_cast<size_t>(tap)];
      if (ix < 0 || ix >= horizontal.source) {
        std::fill(to, to + (next - begin), 0.0f);
      } else {
        const float* from = line + ix * channels + (begin - tap * groupChannels);
        std::copy(from, from + (next - begin), to);
      }
      to += next - begin;
      begin = next;
    }
  }
};

// A [columns, rows] = patches, transposed.
struct PatchColumns {
  Patches patches;

  static constexpr bool liesInMemory = false;
  bool alongRows() const { return false; }

  void pack(const Strips& strips, int64_t first, int64_t last, int64_t column, int64_t depth, float* target,
            int64_t stripFloats) const {
    const int64_t begin = strips.begin(first), end = strips.begin(last);
    const auto pieces = patches.pieces(begin, end);
    std::vector<float> row(static_cast<size_t>(end - begin));
    PatchPlace place = patches.placeOf(column);
    for (int64_t k = 0; k < depth; k++, patches.advance(place)) {
      patches.copy(place, pieces, row.data());
      packColumn(strips, first, last, row.data(), end - begin, k, target, stripFloats);
    }
  }
};

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
