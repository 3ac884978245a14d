// Loops over elements: a thread for each, or for four neighbours.
#pragma once
#include "floats.cuh"
#include "launch.cuh"

namespace cuda_gan::cuda {

template <class F>
struct ForEach {
  static constexpr int threads = 256;
  static constexpr size_t sharedBytes = 0;
  F f;
  int64_t size;

  __device__ void operator()(int64_t block) const {
    const int64_t i = block * threads + threadIdx.x;
    if (i < size) f(i);
  }
};

// A kernel that calls f(i) for i in [0, size).
template <class F>
Kernel forEach(int64_t size, const F& f) {
  return launch(ForEach<F>{f, size}, ceilDivide(size, ForEach<F>::threads));
}

template <int n, class F>
struct Unary {
  F f;
  const float* x;
  float* y;
  __device__ void operator()(int64_t i) const {
    const auto from = loadFloats<n>(x + n * i);
    storeFloats(y + n * i, eachOf<n>([&](int j) { return f(from.at[j]); }));
  }
};

// y = f(x), element by element.
template <class F>
Kernel elementwise(const Instruction& op, const F& f) {
  const float* x = op.inputs[0].floats();
  const Tensor& y = op.outputs[0];
  if (y.size() % 4 == 0) return forEach(y.size() / 4, Unary<4, F>{f, x, y.floats()});
  return forEach(y.size(), Unary<1, F>{f, x, y.floats()});
}

template <int n, class F>
struct Pairwise {
  F f;
  const float *a, *b;
  float* y;
  __device__ void operator()(int64_t i) const {
    const auto left = loadFloats<n>(a + n * i), right = loadFloats<n>(b + n * i);
    storeFloats(y + n * i, eachOf<n>([&](int j) { return f(left.at[j], right.at[j]); }));
  }
};

// y = f(a, b), element by element, all of one shape.
template <class F>
Kernel pairwise(const Instruction& op, const F& f) {
  const float *a = op.inputs[0].floats(), *b = op.inputs[1].floats();
  const Tensor& y = op.outputs[0];
  if (y.size() % 4 == 0) return forEach(y.size() / 4, Pairwise<4, F>{f, a, b, y.floats()});
  return forEach(y.size(), Pairwise<1, F>{f, a, b, y.floats()});
}

}  // namespace cuda_gan::cuda
