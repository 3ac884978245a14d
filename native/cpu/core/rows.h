// Loops over rows, and reductions along a row in a fixed order.
#pragma once
#include <limits>

#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// A kernel that calls body(row) for [0, rows); tasks hold as many rows as fill a block.
template <typename Body>
Kernel rowBlocks(int64_t rows, int64_t length, Body body) {
  const int64_t perTask = std::max<int64_t>(1, blockElements / std::max<int64_t>(1, length));
  return {{(rows + perTask - 1) / perTask, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t row = begin * perTask; row < std::min(rows, end * perTask); row++) body(row);
           }}};
}

// Keeps the first `count` lanes and sets the others to `filler`.
inline Vec keepLanes(Vec v, int64_t count, float filler) {
  for (int64_t i = count; i < lanes; i++) v[i] = filler;
  return v;
}

// Σ f(inputs[j]...) over [0, length): four vectors side by side, then their tree.
template <typename F, typename... Inputs>
inline float sumOfRow(int64_t length, F f, const Inputs*... inputs) {
  Vec sums[4] = {};
  int64_t j = 0;
  for (; j + 4 * lanes <= length; j += 4 * lanes)
    for (int u = 0; u < 4; u++) sums[u] += f(load(inputs + j + u * lanes)...);
  for (int u = 0; j < length; j += lanes, u++) {
    const int64_t count = std::min<int64_t>(lanes, length - j);
    sums[u] += keepLanes(f(loadPartial(inputs + j, count)...), count, 0.0f);
  }
  return sumLanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

inline float maxOfRow(const float* x, int64_t length) {
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  Vec largest = splat(lowest);
  for (int64_t j = 0; j < length; j += lanes) {
    const int64_t count = std::min<int64_t>(lanes, length - j);
    largest = max(largest, count == lanes ? load(x + j) : keepLanes(loadPartial(x + j, count), count, lowest));
  }
  float result = lowest;
  for (int i = 0; i < lanes; i++) result = std::max(result, largest[i]);
  return result;
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
