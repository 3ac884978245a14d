// How a body becomes a launch. A body is plain data with `threads`, `sharedBytes` and operator()(block), which all
// threads of a block run. Several bodies of one type share a launch: each has a range of its blocks.
#pragma once
#include <cuda_runtime.h>

#include <type_traits>

#include "../kernel.h"
#include "../runtime/check.h"

// Shared memory whose size is given at the launch.
extern __shared__ float4 cudaGanShared[];

namespace cuda_gan::cuda {

__device__ inline float* sharedFloats() { return reinterpret_cast<float*>(cudaGanShared); }

// What a launch hands over is limited to 4096 bytes before compute capability 7.0 and CUDA 12.1, so on some devices here.
constexpr size_t parameterBytes = 4096;

template <class Body>
constexpr size_t capacityFor = (parameterBytes - 16) / (sizeof(Body) + sizeof(uint32_t) + 8);

template <class Body>
struct Bodies {
  Body body[capacityFor<Body>];
  uint32_t firstBlock[capacityFor<Body>];
  int count;
};

// From this architecture on, a kernel can wait for those before it (programmatic dependent launch).
constexpr int waitingArchitecture = 90;

// Waits until all kernels before this one have ended, and lets those after it come to the GPU meanwhile, as far as it has room.
__device__ inline void waitForKernelsBefore() {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
  cudaGridDependencySynchronize();
  cudaTriggerProgrammaticLaunchCompletion();
#endif
}

// A grid constant: read where it lies, also by an index that is known only at run time.
template <class Body>
__global__ void __launch_bounds__(Body::threads, 2) runBodies(const __grid_constant__ Bodies<Body> bodies) {
  waitForKernelsBefore();
  int i = 0;
#pragma unroll 1
  while (i + 1 < bodies.count && blockIdx.x >= bodies.firstBlock[i + 1]) i++;
  bodies.body[i](static_cast<int64_t>(blockIdx.x - bodies.firstBlock[i]));
}

template <class Body>
void enqueueBodies(const std::vector<const Launch*>& launches, cudaStream_t stream) {
  Bodies<Body> bodies{};
  int64_t blocks = 0;
  for (const Launch* launch : launches) {
    bodies.body[bodies.count] = *static_cast<const Body*>(launch->body.get());
    bodies.firstBlock[bodies.count++] = static_cast<uint32_t>(blocks);
    blocks += launch->blocks;
  }
  if (blocks > INT32_MAX) throw std::runtime_error("a tensor is too large for one launch");
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(blocks));
  config.blockDim = dim3(Body::threads);
  config.dynamicSmemBytes = Body::sharedBytes;
  config.stream = stream;
  check(cudaLaunchKernelEx(&config, runBodies<Body>, bodies), "cudaLaunchKernelEx");
}

// Brings the code of a body to the GPU, which otherwise happens at its first launch: too late under capture. Returns the
// architecture that it was compiled for, such as 90.
template <class Body>
int loadCode() {
  cudaFuncAttributes attributes;
  check(cudaFuncGetAttributes(&attributes, runBodies<Body>), "cudaFuncGetAttributes");
  return attributes.ptxVersion;
}

// What bodies of a type are launched as: that type, or one that can be any of several.
template <class Body, class = void>
struct LaunchedAs {
  using Type = Body;
};

// The kernel of `blocks` blocks of a body; of none when there is nothing to do.
template <class Body>
Kernel launch(const Body& body, int64_t blocks) {
  using Type = typename LaunchedAs<Body>::Type;
  static_assert(std::is_trivially_copyable_v<Type> && capacityFor<Type> >= 1);
  if (blocks == 0) return {};
  const bool waits = loadCode<Type>() >= waitingArchitecture;
  return {{enqueueBodies<Type>, capacityFor<Type>, blocks, std::make_shared<Type>(body), sizeof(Bodies<Type>), waits}};
}

inline Kernel operator+(Kernel a, const Kernel& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

__host__ __device__ constexpr int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace cuda_gan::cuda
