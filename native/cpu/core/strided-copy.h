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
  } else if (targetStride == 1) {
    for (int64_t i = 0; i < length; i++) target[i] = source[i * sourceStride];  // stores whole vectors
  } else {
    for (int64_t i = 0; i < length; i++) target[i * targetStride] = source[i * sourceStride];
  }
}

// Where a row along the last dimension begins, in both tensors.
struct RowPlace {
  const float* source;
  float* target;

  RowPlace(const StridedCopy& copy, int64_t row)
      : source(copy.source), target(copy.target), copy_(copy), index_(copy.lengths.size() - 1) {
    for (size_t i = index_.size(); i-- > 0; row /= copy.lengths[i]) {
      index_[i] = row % copy.lengths[i];
      source += index_[i] * copy.sourceStrides[i];
      target += index_[i] * copy.targetStrides[i];
    }
  }

  // Goes on to the next row without a division, which would take longer than to copy a short one.
  void next() {
    for (size_t i = index_.size(); i-- > 0; index_[i] = 0) {
      source += copy_.sourceStrides[i];
      target += copy_.targetStrides[i];
      if (++index_[i] < copy_.lengths[i]) return;
      source -= copy_.lengths[i] * copy_.sourceStrides[i];
      target -= copy_.lengths[i] * copy_.targetStrides[i];
    }
  }

 private:
  const StridedCopy& copy_;
  Lengths index_;
};

// The rows along the last dimension are the tasks.
inline Kernel copyBox(const StridedCopy& box) {
  const StridedCopy copy = folded(box);
  int64_t rows = 1;
  for (size_t i = 0; i + 1 < copy.lengths.size(); i++) rows *= copy.lengths[i];
  const int64_t length = copy.lengths.back();
  if (rows * length == 0) return {};
  return {{rows, [=](int64_t begin, int64_t end, const StepContext&) {
             RowPlace place(copy, begin);
             for (int64_t row = begin; row < end; row++, place.next())
               copyRow(place.source, copy.sourceStrides.back(), place.target, copy.targetStrides.back(), length);
           }}};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
