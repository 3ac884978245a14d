// Boxes of elements seen through strides: what broadcasting ops have in common with transpose, slice, pad and concat.
#pragma once
#include "elementwise.cuh"
#include "rows.cuh"

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
#pragma unroll 1
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

// A box whose neighbours in the source are others than those in the target: tiles go through shared memory, so that both
// are read and written by rows.
struct TurnBox {
  static constexpr int threads = 256, fromSide = 32, toSide = 64, padded = fromSide + 1;
  static constexpr size_t sharedBytes = sizeof(float) * toSide * padded;
  // The dimension along which the source lies, and how far the target advances there; and the other way round.
  int64_t fromLength, targetStride, toLength, sourceStride;
  Box<2> others;
  const float* source;
  float* target;

  int64_t blocks() const { return others.size() * ceilDivide(fromLength, fromSide) * ceilDivide(toLength, toSide); }

  __device__ void operator()(int64_t block) const {
    const auto across = static_cast<uint32_t>(ceilDivide(fromLength, fromSide)), down = static_cast<uint32_t>(ceilDivide(toLength, toSide));
    const auto at = static_cast<uint32_t>(block);
    const int64_t from = static_cast<int64_t>(at % across) * fromSide, to = static_cast<int64_t>(at / across % down) * toSide;
    int64_t offset[2];
    others.offsets(at / across / down, offset);
    float* tile = sharedFloats();
    const int x = threadIdx.x % fromSide;
    const float* first = source + offset[0] + from + x;
#pragma unroll
    for (int y = threadIdx.x / fromSide; y < toSide; y += threads / fromSide)
      if (from + x < fromLength && to + y < toLength) tile[y * padded + x] = first[(to + y) * sourceStride];
    __syncthreads();
    const int lane = threadIdx.x % toSide;
    float* last = target + offset[1] + to + lane;
#pragma unroll
    for (int i = threadIdx.x / toSide; i < fromSide; i += threads / toSide)
      if (to + lane < toLength && from + i < fromLength) last[(from + i) * targetStride] = tile[lane * padded + i];
  }
};

// The dimension along which operand k lies in memory; -1 where there is none.
inline int dimensionOfNeighbours(const Box<2>& box, int k) {
  for (int i = 0; i < box.rank; i++)
    if (box.stride[k][i] == 1) return i;
  return -1;
}

// Copies a box of `lengths` between two tensors. A source stride of 0 repeats an element.
inline Kernel copyBox(const Lengths& lengths, const Lengths& sourceStrides, const Lengths& targetStrides,
                      const float* source, float* target) {
  const Box<2> box = foldedBox<2>(lengths, {sourceStrides, targetStrides});
  const int from = dimensionOfNeighbours(box, 0), to = dimensionOfNeighbours(box, 1);
  constexpr int64_t few = 8;  // of which a tile would be almost empty
  if (from < 0 || to < 0 || from == to || box.length[from] < few || box.length[to] < few || box.size() > INT32_MAX)
    return forEach(box.size(), CopyBox{box, source, target});
  TurnBox turned{box.length[from], box.stride[1][from], box.length[to], box.stride[0][to], {}, source, target};
  for (int i = 0; i < box.rank; i++) {
    if (i == from || i == to) continue;
    const int at = turned.others.rank++;
    turned.others.length[at] = box.length[i];
    for (int k = 0; k < 2; k++) turned.others.stride[k][at] = box.stride[k][i];
  }
  return launch(turned, turned.blocks());
}

}  // namespace cuda_gan::cuda
