// Updates of what a model keeps: parameters, moving averages, counters. A step ends in many small ones that do not depend on
// each other: they go to the GPU as one launch, whatever they update and whatever their gradients are made of.
#pragma once
#include "adam.cuh"
#include "elementwise.cuh"
#include "one-of.cuh"
#include "shallow-update.cuh"
#include "sinks.cuh"
#include "strips.cuh"
#include "thin-product.cuh"

namespace cuda_gan::cuda {

struct AdamOfElement {
  Adam adam;
  const float* gradient;
  __device__ void operator()(int64_t i) const { adam.update<1>({i}, {gradient[i]}, {true}, adam.rate()); }
};

// The gradient is the sums of the columns of x.
struct AdamOfSums {
  Adam adam;
  const float* x;
  int64_t rows;

  template <class Strip>
  __device__ void operator()(int64_t, const Strip& strip) const {
    const auto gradient = strip.sumOfRows(rows, [&](int64_t row) { return strip.load(x, row); });
    if (strip.isFirst()) update(gradient.at, strip.column);
  }

 private:
  template <int n>
  __device__ void update(const float (&gradient)[n], int64_t column) const {
    int64_t at[n];
    bool inside[n];
    for (int i = 0; i < n; i++) {
      at[i] = column + i;
      inside[i] = true;
    }
    adam.update(at, gradient, inside, adam.rate());
  }
};

struct Increment {
  int32_t* counter;
  __device__ void operator()(int64_t i) const { counter[i]++; }
};

struct MovingAverage {
  float kept, added;
  const float* x;
  float* v;
  __device__ void operator()(int64_t i) const { v[i] = v[i] * kept + x[i] * added; }
};

struct Sgd {
  float *p, *v;
  const float *g, *learningRate;
  float momentum;
  bool nesterov;
  __device__ void operator()(int64_t i) const {
    const float rate = *learningRate;
    v[i] = v[i] * momentum - g[i] * rate;
    p[i] += nesterov ? v[i] * momentum - g[i] * rate : v[i];
  }
};

struct Rmsprop {
  float *p, *s;
  const float *g, *learningRate;
  float kept, added, epsilon;
  __device__ void operator()(int64_t i) const {
    s[i] = s[i] * kept + g[i] * g[i] * added;
    p[i] -= g[i] * *learningRate / sqrtf(s[i] + epsilon);
  }
};

using Update = OneOf<ForEach<AdamOfElement>, ForEachStrip<Strip<1, 8>, AdamOfSums>, ForEachStrip<Strip<4, 8>, AdamOfSums>,
                     ForEachStrip<Strip<4, 32>, AdamOfSums>, ThinColumns<AdamSink>, ShallowUpdate, ForEach<Sgd>, ForEach<Rmsprop>,
                     ForEach<MovingAverage>, ForEach<Increment>>;

template <class Body>
struct LaunchedAs<Body, std::enable_if_t<Update::includes<Body>>> {
  using Type = Update;
};

// Compiled once, in update.cu.
extern template void enqueueBodies<Update>(const std::vector<const Launch*>& launches, cudaStream_t stream);
extern template int loadCode<Update>();

}  // namespace cuda_gan::cuda
