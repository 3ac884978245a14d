// Boxes of elements seen through strides: what broadcasting ops have in common with transpose, slice, pad and concat.
#pragma once
#include "elementwise.cuh"

namespace cuda_gan::cuda {

using Lengths = std::vector<int64_t>;

constexpr int maxRank = 8;

// Dimensions, outermost first, and how far each of `operands` tensors advances along them.
template <int operands>
struct Box {
  int rank = 0;
  int64_t length[maxRank];
  int64_t stride[operands][maxRank];

  int64_t size() const {
    int64_t product = 1;
    for (int i = 0; i < rank; i++) product *= length[i];
    return product;
  }

  // Where element `index`, in row-major order, lies in every operand.
  __device__ void offsets(int64_t index, int64_t* offset) const {
    for (int k = 0; k < operands; k++) offset[k] = 0;
    for (int i = rank - 1; i >= 0; i--) {
      const int64_t at = index % length[i];
      index /= length[i];
      for (int k = 0; k < operands; k++) offset[k] += at * stride[k][i];
    }
  }
};

// Joins neighbouring dimensions along which every operand goes on as it began, and drops those of length 1.
template <int operands>
Box<operands> foldedBox(const Lengths& lengths, const Lengths (&strides)[operands]) {
  Box<operands> box;
  for (size_t i = 0; i < lengths.size(); i++) {
    if (lengths[i] == 1) continue;
    bool joins = box.rank > 0;
    for (int k = 0; joins && k < operands; k++) joins = box.stride[k][box.rank - 1] == strides[k][i] * lengths[i];
    if (!joins && box.rank == maxRank) throw std::runtime_error("the cuda device takes at most 8 dimensions");
    const int at = joins ? box.rank - 1 : box.rank++;
    box.length[at] = joins ? box.length[at] * lengths[i] : lengths[i];
    for (int k = 0; k < operands; k++) box.stride[k][at] = strides[k][i];
  }
  return box;
}

// Strides of a contiguous row-major tensor.
inline Lengths stridesOf(const Lengths& shape) {
  Lengths strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0; stride *= shape[i]) strides[i] = stride;
  return strides;
}

// Strides of a tensor that is stretched to `rank` dimensions by NumPy's rule: 0 where it repeats.
inline Lengths broadcastStrides(const Lengths& shape, size_t rank) {
  const Lengths own = stridesOf(shape);
  Lengths strides(rank, 0);
  for (size_t i = 0; i < shape.size(); i++)
    if (shape[i] != 1) strides[rank - shape.size() + i] = own[i];
  return strides;
}

template <class F>
struct Broadcast {
  F f;
  Box<2> box;
  const float *a, *b;
  float* y;
  __device__ void operator()(int64_t i) const {
    int64_t offset[2];
    box.offsets(i, offset);
    y[i] = f(a[offset[0]], b[offset[1]]);
  }
};

// y = f(a, b) with NumPy's broadcasting.
template <class F>
Kernel broadcasting(const Instruction& op, const F& f) {
  const Tensor &a = op.inputs[0], &b = op.inputs[1], &y = op.outputs[0];
  if (a.shape == b.shape) return pairwise(op, f);
  const size_t rank = y.shape.size();
  const Box<2> box = foldedBox<2>(y.shape, {broadcastStrides(a.shape, rank), broadcastStrides(b.shape, rank)});
  return forEach(y.size(), Broadcast<F>{f, box, a.floats(), b.floats(), y.floats()});
}

struct CopyBox {
  Box<2> box;
  const float* source;
  float* target;
  __device__ void operator()(int64_t i) const {
    int64_t offset[2];
    box.offsets(i, offset);
    target[offset[1]] = source[offset[0]];
  }
};

// Copies a box of `lengths` between two tensors. A source stride of 0 repeats an element.
inline Kernel copyBox(const Lengths& lengths, const Lengths& sourceStrides, const Lengths& targetStrides,
                      const float* source, float* target) {
  const Box<2> box = foldedBox<2>(lengths, {sourceStrides, targetStrides});
  return forEach(box.size(), CopyBox{box, source, target});
}

}  // namespace cuda_gan::cuda
