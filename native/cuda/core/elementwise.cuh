// Loops over elements: a thread for each.
#pragma once
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

template <class F>
struct Unary {
  F f;
  const float* x;
  float* y;
  __device__ void operator()(int64_t i) const { y[i] = f(x[i]); }
};

// y = f(x), element by element.
template <class F>
Kernel elementwise(const Instruction& op, const F& f) {
  return forEach(op.outputs[0].size(), Unary<F>{f, op.inputs[0].floats(), op.outputs[0].floats()});
}

template <class F>
struct Pairwise {
  F f;
  const float *a, *b;
  float* y;
  __device__ void operator()(int64_t i) const { y[i] = f(a[i], b[i]); }
};

// y = f(a, b), element by element, all of one shape.
template <class F>
Kernel pairwise(const Instruction& op, const F& f) {
  return forEach(op.outputs[0].size(),
                 Pairwise<F>{f, op.inputs[0].floats(), op.inputs[1].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
