// A few floats that a thread reads, computes and writes together.
#pragma once
#include <cuda_runtime.h>

namespace cuda_gan::cuda {

template <int count>
struct Floats {
  float at[count];
};

// Four floats are read and written as one, and begin at a multiple of 16 bytes. Every tensor does
// (lib/program/memory-plan.ts).
template <int count>
__device__ Floats<count> loadFloats(const float* from) {
  static_assert(count == 1 || count == 4);
  if constexpr (count == 4) {
    const float4 quad = *reinterpret_cast<const float4*>(from);
    return {quad.x, quad.y, quad.z, quad.w};
  } else {
    return {*from};
  }
}

template <int count>
__device__ void storeFloats(float* to, const Floats<count>& values) {
  static_assert(count == 1 || count == 4);
  if constexpr (count == 4) {
    *reinterpret_cast<float4*>(to) = make_float4(values.at[0], values.at[1], values.at[2], values.at[3]);
  } else {
    *to = values.at[0];
  }
}

// The numbers f(i).
template <int count, class F>
__device__ Floats<count> eachOf(F f) {
  Floats<count> result;
#pragma unroll
  for (int i = 0; i < count; i++) result.at[i] = f(i);
  return result;
}

template <int count>
__device__ Floats<2 * count> joined(const Floats<count>& first, const Floats<count>& second) {
  return eachOf<2 * count>([&](int i) { return i < count ? first.at[i] : second.at[i - count]; });
}

// The first or second half of what was joined.
template <int count>
__device__ Floats<count / 2> halfOf(const Floats<count>& both, int which) {
  return eachOf<count / 2>([&](int i) { return both.at[which * (count / 2) + i]; });
}

}  // namespace cuda_gan::cuda
