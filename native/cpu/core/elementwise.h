// Loops over elements. Tasks are blocks whose borders do not depend on the number of threads, so that every element
// is computed by the same instructions whoever does it.
#pragma once
#include <algorithm>

#include "../kernel.h"
#include "vector.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

constexpr int64_t blockElements = 2048;

// y[i] = f(inputs[i]...) for i in [begin, end), vector by vector.
template <typename F, typename... Inputs>
inline void mapRange(int64_t begin, int64_t end, float* y, F f, const Inputs*... inputs) {
  int64_t i = begin;
  for (; i + lanes <= end; i += lanes) store(y + i, f(load(inputs + i)...));
  if (i < end) storePartial(y + i, end - i, f(loadPartial(inputs + i, end - i)...));
}

// A kernel of one phase that calls body(begin, end, step) on blocks of [0, size).
template <typename Body>
Kernel steppedBlocks(int64_t size, Body body) {
  const int64_t tasks = (size + blockElements - 1) / blockElements;
  return {{tasks, [=](int64_t first, int64_t last, const StepContext& context) {
             body(first * blockElements, std::min(size, last * blockElements), context.step);
           }}};
}

// The same where the step does not matter.
template <typename Body>
Kernel blocks(int64_t size, Body body) {
  return steppedBlocks(size, [=](int64_t begin, int64_t end, uint64_t) { body(begin, end); });
}

// y = f(x), element by element.
template <typename F>
Kernel elementwise(const Instruction& op, F f) {
  const float* x = op.inputs[0].floats();
  float* y = op.outputs[0].floats();
  return blocks(op.outputs[0].size(), [=](int64_t begin, int64_t end) { mapRange(begin, end, y, f, x); });
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
