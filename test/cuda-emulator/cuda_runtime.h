// CUDA's C++ for kernels, on the processor: every thread of a block is a fiber.
#pragma once
#include <type_traits>
#include <utility>

#include "cuda_runtime_api.h"
#include "device-functions.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline
#define __noinline__
#define __grid_constant__
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __shared__ thread_local

// __thread: unlike thread_local, it needs no function call that asks whether to initialise.
extern __thread uint3 threadIdx, blockIdx, blockDim, gridDim;
constexpr int warpSize = 32;

namespace cuda_emulator {

// What a thread of the kernel does.
struct Body {
  virtual ~Body() = default;
  virtual void run() const = 0;
};

template <class F>
struct BodyOf final : Body {
  F f;
  explicit BodyOf(const F& f) : f(f) {}
  void run() const override { f(); }
};

// Returns when all threads of the block that have not ended have called it.
void barrier();
// The same for the lanes of `mask`.
void synchronizeWarp(unsigned mask);
// The value of lane `source`, when all lanes of `mask` have called it.
uint64_t exchange(unsigned mask, uint64_t value, int source);
// The lanes of `mask` whose predicate holds.
unsigned ballot(unsigned mask, bool predicate);
int lane();
// Until a thread of a kernel that comes to the device early has called it, it must not do anything else.
void waitForKernelsBefore();
// Ends the kernel with an error.
[[noreturn]] void trap();

// Copies that happen when waited for. Until then the target holds NaN.
void copyLater(void* target, const void* source, size_t bytes, size_t zeros);
void commitCopies();
void waitForCopies(size_t mayBeOpen);

// Runs or, when the stream captures, records a kernel; takes `body` over.
cudaError_t launch(const cudaLaunchConfig_t& config, const void* kernel, size_t parameterBytes, const Body* body);

// Bytes of parameters that lie one after the other, each aligned.
template <class... Parameters>
constexpr size_t parameterBytes() {
  size_t bytes = 0;
  ((bytes = (bytes + alignof(Parameters) - 1) / alignof(Parameters) * alignof(Parameters) + sizeof(Parameters)), ...);
  return bytes;
}

template <class T>
T shuffle(unsigned mask, T value, int source) {
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8),
                "shuffles take numbers of 32 or 64 bits");
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = exchange(mask, bits, source);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// `source`, where that is in the same part of `width` lanes; else this lane itself.
inline int withinPart(int source, int width) {
  return source / width == lane() / width && source >= 0 ? source : lane();
}

}  // namespace cuda_emulator

inline void __syncthreads() { cuda_emulator::barrier(); }
inline void cudaGridDependencySynchronize() { cuda_emulator::waitForKernelsBefore(); }
inline void cudaTriggerProgrammaticLaunchCompletion() {}
inline void __syncwarp(unsigned mask = 0xffffffff) { cuda_emulator::synchronizeWarp(mask); }
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
[[noreturn]] inline void __trap() { cuda_emulator::trap(); }

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize) {
  return cuda_emulator::shuffle(mask, value, cuda_emulator::lane() / width * width + (source & (width - 1)));
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = warpSize) {
  // Unlike the others, it may read a part before its own.
  const int own = cuda_emulator::lane(), source = own ^ lanes;
  return cuda_emulator::shuffle(mask, value, source / width <= own / width ? source : own);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned lanes, int width = warpSize) {
  return cuda_emulator::shuffle(mask, value,
                                cuda_emulator::withinPart(cuda_emulator::lane() + static_cast<int>(lanes), width));
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned lanes, int width = warpSize) {
  return cuda_emulator::shuffle(mask, value,
                                cuda_emulator::withinPart(cuda_emulator::lane() - static_cast<int>(lanes), width));
}
inline unsigned __ballot_sync(unsigned mask, int predicate) { return cuda_emulator::ballot(mask, predicate != 0); }
inline int __any_sync(unsigned mask, int predicate) { return cuda_emulator::ballot(mask, predicate != 0) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return cuda_emulator::ballot(mask, predicate == 0) == 0; }

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  static_assert((std::is_trivially_copyable_v<Parameters> && ...), "parameters of a kernel are copied byte by byte");
  const auto* body = [&](Parameters... parameters) {
    const auto run = [=] { kernel(parameters...); };
    return new cuda_emulator::BodyOf<std::decay_t<decltype(run)>>(run);
  }(std::forward<Arguments>(arguments)...);
  return cuda_emulator::launch(*config, reinterpret_cast<const void*>(kernel),
                               cuda_emulator::parameterBytes<Parameters...>(), body);
}

// The runtime's templates over kernels and types of memory.
template <class T>
cudaError_t cudaMalloc(T** memory, size_t bytes) {
  return cudaMalloc(reinterpret_cast<void**>(memory), bytes);
}
template <class T>
cudaError_t cudaMallocHost(T** memory, size_t bytes, unsigned flags = 0) {
  return cudaHostAlloc(reinterpret_cast<void**>(memory), bytes, flags);
}
template <class T>
cudaError_t cudaFuncSetAttribute(T* kernel, cudaFuncAttribute attribute, int value) {
  return cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), attribute, value);
}
template <class T>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, T* kernel) {
  return cudaFuncGetAttributes(attributes, reinterpret_cast<const void*>(kernel));
}
template <class T>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, T kernel, int blockSize, size_t sharedBytes) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, reinterpret_cast<const void*>(kernel), blockSize,
                                                       sharedBytes);
}
