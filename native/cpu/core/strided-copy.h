// Copies between two boxes of one shape that lie in larger tensors: what transpose, broadcastTo, slice, pad and concat
// have in common. A source stride of 0 repeats an element.
#pragma once
#include "elementwise.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

using Lengths = std::vector<int64_t>;

// Strides of a contiguous row-major tensor.
inline Lengths stridesOf(const Lengths& shape) {
  Lengths strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0; stride *= shape[i]) strides[i] = stride;
  return strides;
}

struct StridedCopy {
  Lengths lengths, sourceStrides, targetStrides;
  const float* source;
  float* target;
};

// Joins neighbouring dimensions that are contiguous on both sides, and drops those of length 1.
inline StridedCopy folded(const StridedCopy& copy) {
  StridedCopy result{{}, {}, {}, copy.source, copy.target};
  for (size_t i = 0; i < copy.lengths.size(); i++) {
    const int64_t length = copy.lengths[i], source = copy.sourceStrides[i], target = copy.targetStrides[i];
    if (length == 1) continue;
    if (!result.lengths.empty() && result.sourceStrides.back() == source * length &&
        result.targetStrides.back() == target * length) {
      result.lengths.back() *= length;
      result.sourceStrides.back() = source;
      result.targetStrides.back() = target;
    } else {
      result.lengths.push_back(length);
      result.sourceStrides.push_back(source);
      result.targetStrides.push_back(target);
    }
  }
  if (result.lengths.empty()) {
    result.lengths = {1};
    result.sourceStrides = result.targetStrides = {1};
  }
  return result;
}

inline void copyRow(const float* source, int64_t sourceStride, float* target, int64_t targetStride, int64_t length) {
  if (sourceStride == 1 && targetStride == 1) {
    std::copy(source, source + length, target);
  } else {
    for (int64_t i = 0; i < length; i++) target[i * targetStride] = source[i * sourceStride];
  }
}

// The rows along the last dimension are the tasks.
inline Kernel copyBox(const StridedCopy& box) {
  const StridedCopy copy = folded(box);
  int64_t rows = 1;
  for (size_t i = 0; i + 1 < copy.lengths.size(); i++) rows *= copy.lengths[i];
  const int64_t length = copy.lengths.back();
  if (rows * length == 0) return {};
  return {{rows, [=](int64_t begin, int64_t end, const StepContext&) {
             for (int64_t row = begin; row < end; row++) {
               const float* source = copy.source;
               float* target = copy.target;
               int64_t rest = row;
               for (size_t i = copy.lengths.size() - 1; i-- > 0; rest /= copy.lengths[i]) {
                 source += rest % copy.lengths[i] * copy.sourceStrides[i];
                 target += rest % copy.lengths[i] * copy.targetStrides[i];
               }
               copyRow(source, copy.sourceStrides.back(), target, copy.targetStrides.back(), length);
             }
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
