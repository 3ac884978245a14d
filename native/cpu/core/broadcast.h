// y = f(a, b) with NumPy's broadcasting: the shapes are folded to an inner run, along which each operand either
// advances or stays, and outer rows with strides.
#pragma once
#include <vector>

#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

struct Broadcast {
  int64_t inner = 1;              // length of the contiguous run
  bool moves[2] = {false, false};  // whether a, b advance along it
  std::vector<int64_t> lengths;   // outer dimensions, outermost first
  std::vector<int64_t> strides[2];
  int64_t outer = 1;

  int64_t offset(int operand, int64_t row) const {
    int64_t sum = 0;
    for (size_t i = lengths.size(); i-- > 0; row /= lengths[i]) sum += row % lengths[i] * strides[operand][i];
    return sum;
  }
};

inline Broadcast planBroadcast(const Tensor& y, const Tensor& a, const Tensor& b) {
  const Tensor* operands[2] = {&a, &b};
  const size_t rank = y.shape.size();
  std::vector<int64_t> strides[2];
  for (int k = 0; k < 2; k++) {
    strides[k].assign(rank, 0);
    const auto& shape = operands[k]->shape;
    int64_t stride = 1;
    for (size_t i = shape.size(); i-- > 0; stride *= shape[i])
      if (shape[i] != 1) strides[k][rank - shape.size() + i] = stride;
  }
  Broadcast plan;
  // Folds dimensions from the last one on while both operands go on as they began.
  size_t axis = rank;
  bool started = false;
  for (; axis > 0; axis--) {
    const int64_t length = y.shape[axis - 1];
    if (length == 1) continue;
    const bool moves[2] = {strides[0][axis - 1] != 0, strides[1][axis - 1] != 0};
    if (!started) {
      plan.moves[0] = moves[0];
      plan.moves[1] = moves[1];
      started = true;
    } else if (moves[0] != plan.moves[0] || moves[1] != plan.moves[1]) {
      break;
    }
    plan.inner *= length;
  }
  for (size_t i = 0; i < axis; i++) {
    if (y.shape[i] == 1) continue;
    plan.lengths.push_back(y.shape[i]);
    for (int k = 0; k < 2; k++) plan.strides[k].push_back(strides[k][i]);
    plan.outer *= y.shape[i];
  }
  return plan;
}

template <typename F>
Kernel broadcasting(const Instruction& op, F f) {
  const Broadcast plan = planBroadcast(op.outputs[0], op.inputs[0], op.inputs[1]);
  const float* a = op.inputs[0].floats();
  const float* b = op.inputs[1].floats();
  float* y = op.outputs[0].floats();
  const int64_t blocksPerRow = (plan.inner + blockElements - 1) / blockElements;
  const auto block = [=](int64_t row, int64_t begin, int64_t end) {
    const float* ra = a + plan.offset(0, row);
    const float* rb = b + plan.offset(1, row);
    float* ry = y + row * plan.inner;
    if (plan.moves[0] && plan.moves[1]) {
      mapRange(begin, end, ry, f, ra, rb);
    } else if (plan.moves[0]) {
      mapRange(begin, end, ry, [&, vb = splat(*rb)](Vec va) { return f(va, vb); }, ra);
    } else if (plan.moves[1]) {
      mapRange(begin, end, ry, [&, va = splat(*ra)](Vec vb) { return f(va, vb); }, rb);
    } else {
      const Vec value = f(splat(*ra), splat(*rb));
      std::fill(ry + begin, ry + end, value[0]);
    }
  };
  // Rows shorter than a block are grouped, so that a task is worth its start.
  const int64_t rowsPerTask = std::max<int64_t>(1, blockElements / std::max<int64_t>(1, plan.inner));
  const int64_t size = plan.outer * plan.inner;
  if (size == 0) return {};
  const int64_t tasks = blocksPerRow > 1 ? plan.outer * blocksPerRow : (plan.outer + rowsPerTask - 1) / rowsPerTask;
  return {{tasks, [=](int64_t first, int64_t last, const StepContext&) {
             if (blocksPerRow > 1) {
               for (int64_t task = first; task < last; task++) {
                 const int64_t begin = task % blocksPerRow * blockElements;
                 block(task / blocksPerRow, begin, std::min(plan.inner, begin + blockElements));
               }
             } else {
               const int64_t end = std::min(plan.outer, last * rowsPerTask);
               for (int64_t row = first * rowsPerTask; row < end; row++) block(row, 0, plan.inner);
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
