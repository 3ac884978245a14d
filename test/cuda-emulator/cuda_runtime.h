// CUDA's C++ for kernels, on the processor: every thread of a block is a fiber.
#pragma once
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>

#include "cuda_runtime_api.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __grid_constant__
#define __launch_bounds__(...)
#define __shared__ thread_local

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  unsigned x, y, z;
  dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
struct alignas(16) float4 {
  float x, y, z, w;
};

extern thread_local uint3 threadIdx, blockIdx;

namespace cuda_emulator {

// Returns when all threads of the block that have not ended have called it.
void barrier();
// Hands a value to the other lanes of the warp and returns that of lane `source`, when all lanes have called it.
uint64_t exchange(uint64_t value, int source);

// Copies that other threads, and this one, see when waited for.
void copyLater(void* target, const void* source, size_t bytes, size_t zeros);
void commitCopies();
void waitForCopies(int mayBeOpen);

// Runs or, when the stream captures, records a kernel: `body` is called once per thread.
cudaError_t launch(dim3 grid, dim3 block, size_t sharedBytes, size_t parameterBytes, cudaStream_t stream,
                   std::function<void()> body);

}  // namespace cuda_emulator

inline void __syncthreads() { cuda_emulator::barrier(); }

template <class T>
T __shfl_sync(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  if (mask != 0xffffffff) std::abort();  // not needed so far
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = cuda_emulator::exchange(bits, source % 32);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes) {
  return __shfl_sync(mask, value, static_cast<int>(threadIdx.x % 32) ^ lanes);
}

inline uint32_t __umulhi(uint32_t a, uint32_t b) { return static_cast<uint32_t>((static_cast<uint64_t>(a) * b) >> 32); }
inline uint32_t __float_as_uint(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof x);
  return bits;
}
inline float __uint_as_float(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
inline void sincospif(float x, float* sine, float* cosine) {
  *sine = static_cast<float>(std::sin(M_PI * static_cast<double>(x)));
  *cosine = static_cast<float>(std::cos(M_PI * static_cast<double>(x)));
}

struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes;
  cudaStream_t stream;
  void* attrs;
  unsigned numAttrs;
};

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...), Arguments&&... arguments) {
  return cuda_emulator::launch(config->gridDim, config->blockDim, config->dynamicSmemBytes, (sizeof(Parameters) + ... + 0),
                               config->stream, [=] { kernel(arguments...); });
}
template <class T>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, T*) {
  *attributes = {};
  return cudaSuccess;
}
