// Holds the emulator to what it promises, and measures it. `npm run build:emulator` builds it, as
// build/emulator/emulator-self-test; the test suite runs it.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cuda_pipeline_primitives.h"
#include "cuda_runtime.h"

extern __shared__ float4 cudaGanShared[];

namespace {

#define EXPECT(condition)                                          \
  if (!(condition)) {                                              \
    std::printf("  line %d: expected %s\n", __LINE__, #condition); \
    std::fflush(stdout);                                           \
    _exit(1);                                                      \
  }

constexpr unsigned all = 0xffffffff;
int failures = 0;

// Every test has a process of its own: a device that is lost stays lost. `signal`: what is to end it.
template <class F>
void test(const char* name, F run, int signal = 0) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (signal != 0 && freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    alarm(60);
    run();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  const bool passed = signal == 0 ? status == 0 : WIFSIGNALED(status) && WTERMSIG(status) == signal;
  std::printf("%s %s\n", passed ? "ok  " : "FAIL", name);
  failures += passed ? 0 : 1;
}

template <class... P, class... A>
cudaError_t launchOn(cudaStream_t stream, size_t shared, dim3 grid, dim3 block, void (*kernel)(P...), A... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = shared;
  config.stream = stream;
  return cudaLaunchKernelEx(&config, kernel, arguments...);
}
template <class... P, class... A>
cudaError_t launch(dim3 grid, dim3 block, void (*kernel)(P...), A... arguments) {
  return launchOn(nullptr, 0, grid, block, kernel, arguments...);
}

template <class T>
T* deviceMemory(size_t count) {
  T* memory = nullptr;
  EXPECT(cudaMalloc(&memory, count * sizeof(T)) == cudaSuccess);
  return memory;
}
template <class T>
std::vector<T> read(const T* memory, size_t count) {
  std::vector<T> host(count);
  EXPECT(cudaMemcpy(host.data(), memory, count * sizeof(T), cudaMemcpyDeviceToHost) == cudaSuccess);
  return host;
}
cudaStream_t newStream() {
  cudaStream_t stream = nullptr;
  EXPECT(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess);
  return stream;
}
void seed(int value) { setenv("CUDA_EMULATOR_SEED", std::to_string(value).c_str(), 1); }

// Sums of 256 numbers by halves in shared memory; without its barriers, wrong.
template <bool barriers>
__global__ void sumBlock(float* sums) {
  __shared__ float partial[256];
  partial[threadIdx.x] = static_cast<float>(threadIdx.x + blockIdx.x);
  __syncthreads();
  for (unsigned half = 128; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    if (barriers) __syncthreads();
  }
  if (threadIdx.x == 0) sums[blockIdx.x] = partial[0];
}

__global__ void warpFunctions(int* out) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  int sum = lane;
  for (int distance = 16; distance > 0; distance /= 2) sum += __shfl_xor_sync(all, sum, distance);
  double down = lane;
  for (unsigned distance = 16; distance > 0; distance /= 2) down += __shfl_down_sync(all, down, distance);
  const int first = static_cast<int>(__shfl_sync(all, down, 0));
  const int before = __shfl_up_sync(all, lane, 1u), part = __shfl_sync(all, lane, 1, 8);
  const bool votes =
      __ballot_sync(all, lane % 2) == 0xaaaaaaaa && __any_sync(all, lane == 3) && !__all_sync(all, lane == 3);
  // Parts of a warp on their own.
  int half = 0;
  if (lane < 16)
    half = __shfl_xor_sync(0x0000ffffu, lane, 1);
  else
    half = __shfl_xor_sync(0xffff0000u, lane, 2);
  const bool right = sum == 496 && first == 496 && before == (lane == 0 ? 0 : lane - 1) && part == lane / 8 * 8 + 1 &&
                     votes && half == (lane < 16 ? lane ^ 1 : lane ^ 2);
  out[blockIdx.x * blockDim.x + threadIdx.x] = right;
}

__global__ void warpWithoutLane5(int* out) {
  if (threadIdx.x == 5) return;
  out[threadIdx.x] = __shfl_xor_sync(all, 1, 1);
}
__global__ void maskWithoutItself(int* out) { out[threadIdx.x] = __shfl_sync(1u, 1, 0); }

// Neighbours exchange by shared memory within a warp.
template <bool synchronised>
__global__ void neighbours(int* out) {
  __shared__ int values[32];
  values[threadIdx.x] = static_cast<int>(threadIdx.x);
  if (synchronised) __syncwarp();
  out[threadIdx.x] = values[threadIdx.x ^ 1];
}

// Half of the threads leave before the barrier.
__global__ void someLeave(int* out) {
  __shared__ int value;
  if (threadIdx.x >= 40) return;
  if (threadIdx.x == 39) value = 7;
  __syncthreads();
  out[threadIdx.x] = value;
}

__global__ void indices(unsigned* out) {
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  atomicAdd(&out[block * blockDim.x * blockDim.y * blockDim.z + thread], 1u);
}

// What shared memory holds at first, and that a block leaves nothing for the next.
__global__ void readsUnset(int* isNaN) {
  __shared__ float unset[4];
  float* dynamic = reinterpret_cast<float*>(cudaGanShared);
  isNaN[blockIdx.x] = isnan(unset[2]) && isnan(dynamic[3]);
  unset[2] = dynamic[3] = 1;
}

template <bool waits>
__global__ void pipeline(const float* in, float* out, int* early) {
  float* shared = reinterpret_cast<float*>(cudaGanShared);
  const int t = static_cast<int>(threadIdx.x), n = static_cast<int>(blockDim.x);
  __pipeline_memcpy_async(shared + t, in + t, 4);
  __pipeline_commit();
  __pipeline_memcpy_async(shared + n + t, in + n + t, 4, 4);
  __pipeline_commit();
  early[t] = isnan(shared[t]);
  if (waits) __pipeline_wait_prior(1);
  __syncthreads();
  out[t] = shared[(t + 1) % n];
  early[t] += isnan(shared[n + t]);
  __pipeline_wait_prior(0);
  out[n + t] = shared[n + t];
}

__global__ void writesAt(float* memory, int at) { memory[at] = 1; }
__global__ void readsAt(const float* memory, int at, float* out) { *out = memory[at]; }
__global__ void writesShared(int at) { reinterpret_cast<float*>(cudaGanShared)[at] = 1; }
__global__ void traps() {
  if (threadIdx.x == 7) __trap();
  __syncthreads();
}
__global__ void nothing() {}
struct Large {
  char bytes[4097];
};
__global__ void takesLarge(Large) {}
__global__ void recordOrder(int* log) {
  const int at = ++log[0];
  log[at] = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}
__global__ void add(float* x, float y) { *x += y; }
__global__ void scale(float* x, float y) { *x *= y; }
__global__ void countStart(unsigned* out) { out[blockIdx.x * blockDim.x + threadIdx.x] = threadIdx.x; }
__global__ void threeBarriers(unsigned* out) {
  for (int i = 0; i < 3; i++) __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = threadIdx.x;
}
__global__ void fiveShuffles(unsigned* out) {
  unsigned sum = threadIdx.x;
  for (int distance = 16; distance > 0; distance /= 2) sum += __shfl_xor_sync(all, sum, distance);
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

std::vector<cudaGraphNode_t> frontOf(cudaStream_t stream) {
  cudaStreamCaptureStatus status;
  const cudaGraphNode_t* nodes = nullptr;
  size_t count = 0;
  EXPECT(cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, &nodes, nullptr, &count) == cudaSuccess);
  EXPECT(status == cudaStreamCaptureStatusActive);
  return {nodes, nodes + count};
}
void setFront(cudaStream_t stream, std::vector<cudaGraphNode_t> nodes) {
  EXPECT(cudaStreamUpdateCaptureDependencies(stream, nodes.data(), nullptr, nodes.size(),
                                             cudaStreamSetCaptureDependencies) == cudaSuccess);
}

// Sets a number, waits for the kernels before in time, too late or never.
enum class Wait { First, AfterBarrier, Never };
template <Wait when>
__global__ void addWhenTold(float* x, float value) {
  if (when == Wait::First) cudaGridDependencySynchronize();
  __syncthreads();
  if (when == Wait::AfterBarrier) cudaGridDependencySynchronize();
  cudaTriggerProgrammaticLaunchCompletion();
  if (threadIdx.x == 0) *x += value;
}

constexpr cudaGraphEdgeData early{cudaGraphKernelNodePortProgrammatic, 0, cudaGraphDependencyTypeProgrammatic, {}};

cudaError_t setFrontEarly(cudaStream_t stream, const cudaGraphEdgeData& edge = early) {
  auto front = frontOf(stream);
  return cudaStreamUpdateCaptureDependencies(stream, front.data(), &edge, 1, cudaStreamSetCaptureDependencies);
}

// 2, then + 3 by a kernel that comes early.
template <Wait when>
float sumOfEarly() {
  float* x = deviceMemory<float>(1);
  cudaStream_t stream = newStream();
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t exec = nullptr;
  EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
  EXPECT(launchOn(stream, 0, 1, 1, scale, x, 0.0f) == cudaSuccess);
  EXPECT(launchOn(stream, 0, 1, 1, add, x, 2.0f) == cudaSuccess);
  EXPECT(setFrontEarly(stream) == cudaSuccess);
  EXPECT(launchOn(stream, 0, 1, 32, addWhenTold<when>, x, 3.0f) == cudaSuccess);
  EXPECT(cudaStreamEndCapture(stream, &graph) == cudaSuccess && cudaGraphInstantiate(&exec, graph, 0) == cudaSuccess);
  EXPECT(cudaMemset(x, 0, 4) == cudaSuccess && cudaGraphLaunch(exec, stream) == cudaSuccess);
  return read(x, 1)[0];
}

// 2, then (+ 3 and · 5) side by side or one after the other, then + 100.
cudaGraphExec_t diamond(cudaStream_t stream, float* x, bool ordered) {
  EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
  EXPECT(launchOn(stream, 0, 1, 1, scale, x, 0.0f) == cudaSuccess);
  EXPECT(launchOn(stream, 0, 1, 1, add, x, 2.0f) == cudaSuccess);
  const auto start = frontOf(stream);
  EXPECT(launchOn(stream, 0, 1, 1, add, x, 3.0f) == cudaSuccess);
  auto left = frontOf(stream);
  if (!ordered) setFront(stream, start);
  EXPECT(launchOn(stream, 0, 1, 1, scale, x, 5.0f) == cudaSuccess);
  left.push_back(frontOf(stream)[0]);
  setFront(stream, left);
  EXPECT(launchOn(stream, 0, 1, 1, add, x, 100.0f) == cudaSuccess);
  cudaGraph_t graph = nullptr;
  EXPECT(cudaStreamEndCapture(stream, &graph) == cudaSuccess);
  size_t nodes = 0;
  EXPECT(cudaGraphGetNodes(graph, nullptr, &nodes) == cudaSuccess && nodes == 5);
  cudaGraphExec_t exec = nullptr;
  EXPECT(cudaGraphInstantiate(&exec, graph, 0) == cudaSuccess);
  EXPECT(cudaGraphDestroy(graph) == cudaSuccess);
  return exec;
}

std::set<float> resultsOverSeeds(bool ordered) {
  float* x = deviceMemory<float>(1);
  EXPECT(cudaMemset(x, 0, 4) == cudaSuccess);
  cudaStream_t stream = newStream();
  cudaGraphExec_t exec = diamond(stream, x, ordered);
  std::set<float> results;
  for (int i = 0; i < 20; i++) {
    EXPECT(cudaGraphLaunch(exec, stream) == cudaSuccess && cudaStreamSynchronize(stream) == cudaSuccess);
    results.insert(read(x, 1)[0]);
  }
  return results;
}

template <class F>
void measure(const char* name, F kernel) {
  constexpr unsigned blocks = 400, threads = 256;
  unsigned* out = deviceMemory<unsigned>(blocks * threads);
  EXPECT(launch(blocks, threads, kernel, out) == cudaSuccess);
  const auto start = std::chrono::steady_clock::now();
  int launches = 0;
  double seconds = 0;
  for (; seconds < 0.5; launches++) {
    EXPECT(launch(blocks, threads, kernel, out) == cudaSuccess);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::printf("     %s: %.1f million threads/s\n", name, 1e-6 * blocks * threads * launches / seconds);
  std::fflush(stdout);
}

void refuses(cudaError_t (*call)(), cudaError_t error) {
  cudaStream_t stream = newStream();
  EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
  EXPECT(call() == error);
  cudaStreamCaptureStatus status;
  EXPECT(cudaStreamIsCapturing(stream, &status) == cudaSuccess && status == cudaStreamCaptureStatusInvalidated);
  EXPECT(launchOn(stream, 0, 1, 1, nothing) == cudaErrorStreamCaptureInvalidated);
  cudaGraph_t graph = nullptr;
  EXPECT(cudaStreamEndCapture(stream, &graph) == cudaErrorStreamCaptureInvalidated && graph == nullptr);
  EXPECT(launchOn(stream, 0, 1, 1, nothing) == cudaSuccess);
}

}  // namespace

int main() {
  test("a reduction by barriers is right under every order", [] {
    float* sums = deviceMemory<float>(8);
    for (int i = 1; i <= 20; i++) {
      seed(i);
      EXPECT(launch(8, 256, sumBlock<true>, sums) == cudaSuccess);
      const std::vector<float> found = read(sums, 8);
      for (int b = 0; b < 8; b++) EXPECT(found[b] == 255.0f * 128 + 256.0f * static_cast<float>(b));
    }
  });
  test("without its barriers it is wrong, and differently so", [] {
    float* sums = deviceMemory<float>(1);
    std::set<std::string> results;
    for (int i = 1; i <= 20; i++) {
      seed(i);
      EXPECT(launch(1, 256, sumBlock<false>, sums) == cudaSuccess);
      results.insert(std::to_string(read(sums, 1)[0]));
    }
    EXPECT(results.count(std::to_string(255.0f * 128)) == 0 && results.size() > 1);
  });
  test("the same seed gives the same order, another one another", [] {
    std::vector<std::vector<int>> logs;
    for (int value : {5, 6, 5}) {
      seed(value);
      int* log = deviceMemory<int>(1 + 4 * 64);
      EXPECT(cudaMemset(log, 0, 4) == cudaSuccess && launch(4, 64, recordOrder, log) == cudaSuccess);
      logs.push_back(read(log, 1 + 4 * 64));
    }
    EXPECT(logs[0] == logs[2] && logs[0] != logs[1]);
  });
  test("functions of a warp, also of parts of it", [] {
    int* out = deviceMemory<int>(4 * 96);
    for (int i = 1; i <= 10; i++) {
      seed(i);
      EXPECT(launch(4, 96, warpFunctions, out) == cudaSuccess);
      for (int right : read(out, 4 * 96)) EXPECT(right == 1);
    }
  });
  test(
      "a shuffle without all its lanes aborts", [] { launch(1, 64, warpWithoutLane5, deviceMemory<int>(64)); },
      SIGABRT);
  test(
      "a shuffle with a mask without the caller aborts",
      [] { launch(1, 64, maskWithoutItself, deviceMemory<int>(64)); }, SIGABRT);
  test("__syncwarp orders the lanes of a warp, and nothing else does", [] {
    int* out = deviceMemory<int>(32);
    bool wrong = false;
    for (int i = 1; i <= 10; i++) {
      seed(i);
      EXPECT(launch(1, 32, neighbours<true>, out) == cudaSuccess);
      for (int lane = 0; lane < 32; lane++) EXPECT(read(out, 32)[static_cast<size_t>(lane)] == (lane ^ 1));
      EXPECT(launch(1, 32, neighbours<false>, out) == cudaSuccess);
      for (int lane = 0; lane < 32; lane++) wrong |= read(out, 32)[static_cast<size_t>(lane)] != (lane ^ 1);
    }
    EXPECT(wrong);
  });
  test("threads that have ended count as arrived at a barrier", [] {
    int* out = deviceMemory<int>(40);
    for (int i = 1; i <= 10; i++) {
      seed(i);
      EXPECT(launch(3, 100, someLeave, out) == cudaSuccess);
      for (int value : read(out, 40)) EXPECT(value == 7);
    }
  });
  test("grids and blocks of three dimensions", [] {
    unsigned* out = deviceMemory<unsigned>(24 * 60);
    EXPECT(cudaMemset(out, 0, 24 * 60 * 4) == cudaSuccess);
    EXPECT(launch(dim3(2, 3, 4), dim3(3, 4, 5), indices, out) == cudaSuccess);
    for (unsigned count : read(out, 24 * 60)) EXPECT(count == 1);
  });
  test("shared memory is NaN at the start of every block, and so is what cudaMalloc gives", [] {
    int* isNaN = deviceMemory<int>(5);
    EXPECT(launchOn(nullptr, 64, 5, 1, readsUnset, isNaN) == cudaSuccess);
    for (int right : read(isNaN, 5)) EXPECT(right == 1);
    for (float value : read(deviceMemory<float>(3), 3)) EXPECT(std::isnan(value));
  });
  test("asynchronous copies are there when waited for, not before", [] {
    float *in = deviceMemory<float>(128), *out = deviceMemory<float>(128);
    int* early = deviceMemory<int>(64);
    std::vector<float> values(128);
    for (size_t i = 0; i < 128; i++) values[i] = static_cast<float>(i);
    EXPECT(cudaMemcpy(in, values.data(), 512, cudaMemcpyHostToDevice) == cudaSuccess);
    EXPECT(launchOn(nullptr, 512, 1, 64, pipeline<true>, in, out, early) == cudaSuccess);
    for (size_t i = 0; i < 64; i++) {
      EXPECT(read(out, 128)[i] == values[(i + 1) % 64] && read(out, 128)[64 + i] == 0 && read(early, 64)[i] == 2);
    }
    EXPECT(launchOn(nullptr, 512, 1, 64, pipeline<false>, in, out, early) == cudaSuccess);
    bool missing = false;
    for (size_t i = 0; i < 64; i++) missing |= std::isnan(read(out, 128)[i]);
    EXPECT(missing);
  });
  test("a write behind memory loses the device for good", [] {
    float *memory = deviceMemory<float>(10), *other = nullptr;
    EXPECT(launch(1, 1, writesAt, memory, 10) == cudaSuccess);
    EXPECT(cudaDeviceSynchronize() == cudaErrorIllegalAddress);
    EXPECT(cudaMalloc(&other, 4) == cudaErrorIllegalAddress && launch(1, 1, nothing) == cudaErrorIllegalAddress);
    EXPECT(cudaGetLastError() == cudaErrorIllegalAddress && cudaGetLastError() == cudaErrorIllegalAddress);
  });
  test("so does one before it, found by cudaFree", [] {
    float* memory = deviceMemory<float>(10);
    EXPECT(launch(1, 1, writesAt, memory, -1) == cudaSuccess && cudaFree(memory) == cudaErrorIllegalAddress);
  });
  test("a read beside memory is NaN", [] {
    float *memory = deviceMemory<float>(10), *out = deviceMemory<float>(1);
    EXPECT(cudaMemset(memory, 0, 40) == cudaSuccess);
    EXPECT(launch(1, 1, readsAt, memory, 10, out) == cudaSuccess && std::isnan(read(out, 1)[0]));
  });
  test("copies beyond memory, or of the wrong kind, are refused", [] {
    float *memory = deviceMemory<float>(10), host[11] = {};
    EXPECT(cudaMemcpy(memory, host, 44, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
    EXPECT(cudaMemcpy(memory, host, 40, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
    EXPECT(cudaMemcpy(memory, host, 40, cudaMemcpyDeviceToDevice) == cudaErrorInvalidValue);
    EXPECT(cudaMemcpy(memory, host, 40, cudaMemcpyHostToDevice) == cudaSuccess &&
           cudaMemset(memory, 0, 44) == cudaErrorInvalidValue);
  });
  test("a write beyond a block's dynamic shared memory loses the device", [] {
    EXPECT(launchOn(nullptr, 64, 1, 1, writesShared, 15) == cudaSuccess && cudaDeviceSynchronize() == cudaSuccess);
    EXPECT(launchOn(nullptr, 64, 1, 1, writesShared, 16) == cudaSuccess &&
           cudaDeviceSynchronize() == cudaErrorIllegalAddress);
  });
  test("a trap fails the kernel", [] {
    EXPECT(launch(2, 64, traps) == cudaSuccess && cudaDeviceSynchronize() == cudaErrorLaunchFailure);
    EXPECT(launch(1, 1, nothing) == cudaErrorLaunchFailure);
  });
  test("more than 48 KiB of shared memory need an opt-in, and 227 KiB are the limit", [] {
    EXPECT(launchOn(nullptr, 48 << 10, 1, 32, nothing) == cudaSuccess);
    EXPECT(launchOn(nullptr, (48 << 10) + 1, 1, 32, nothing) == cudaErrorInvalidValue);
    EXPECT(cudaGetLastError() == cudaErrorInvalidValue && cudaGetLastError() == cudaSuccess);
    EXPECT(cudaFuncSetAttribute(nothing, cudaFuncAttributeMaxDynamicSharedMemorySize, (227 << 10) + 1) ==
           cudaErrorInvalidValue);
    EXPECT(cudaFuncSetAttribute(nothing, cudaFuncAttributeMaxDynamicSharedMemorySize, 227 << 10) == cudaSuccess);
    EXPECT(launchOn(nullptr, 227 << 10, 1, 32, nothing) == cudaSuccess && cudaDeviceSynchronize() == cudaSuccess);
    int blocks = 0;
    EXPECT(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, nothing, 256, 100 << 10) == cudaSuccess &&
           blocks == 2);
  });
  test("launches that no GPU takes are refused", [] {
    EXPECT(launch(0, 32, nothing) == cudaErrorInvalidValue && launch(1, 0, nothing) == cudaErrorInvalidValue);
    EXPECT(launch(1, 1025, nothing) == cudaErrorInvalidValue &&
           launch(1, dim3(32, 33), nothing) == cudaErrorInvalidValue);
    EXPECT(launch(1, 1, takesLarge, Large{}) == cudaErrorInvalidValue);
    EXPECT(launchOn(reinterpret_cast<cudaStream_t>(0x1000), 0, 1, 1, nothing) == cudaErrorInvalidResourceHandle);
  });
  test("a graph runs in every order that its dependencies allow", [] {
    EXPECT(resultsOverSeeds(true) == std::set<float>({125}));
    EXPECT(resultsOverSeeds(false) == std::set<float>({113, 125}));
  });
  test("a graph copies and sets memory, and can be captured within another", [] {
    float *from = deviceMemory<float>(4), *to = deviceMemory<float>(4);
    cudaStream_t stream = newStream();
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t inner = nullptr, outer = nullptr;
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
    EXPECT(cudaMemsetAsync(from, 0, 16, stream) == cudaSuccess);
    EXPECT(cudaMemcpyAsync(to, from, 16, cudaMemcpyDeviceToDevice, stream) == cudaSuccess);
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaSuccess &&
           cudaGraphInstantiate(&inner, graph, 0) == cudaSuccess);
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
    EXPECT(cudaGraphLaunch(inner, stream) == cudaSuccess && launchOn(stream, 0, 1, 1, add, to, 4.0f) == cudaSuccess);
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaSuccess &&
           cudaGraphInstantiate(&outer, graph, 0) == cudaSuccess);
    EXPECT(std::isnan(read(to, 1)[0]));
    EXPECT(cudaGraphUpload(outer, stream) == cudaSuccess && cudaGraphLaunch(outer, stream) == cudaSuccess);
    EXPECT(read(to, 2) == std::vector<float>({4, 0}));
  });
  test("a kernel can come early, and waits itself", [] { EXPECT(sumOfEarly<Wait::First>() == 5); });
  test(
      "one that comes early and does anything before it waits aborts", [] { sumOfEarly<Wait::AfterBarrier>(); }, SIGABRT);
  test(
      "one that comes early and never waits aborts", [] { sumOfEarly<Wait::Never>(); }, SIGABRT);
  test("only kernels come early, after kernels", [] {
    float* x = deviceMemory<float>(1);
    cudaStream_t stream = newStream();
    const auto begin = [&] { EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess); };
    cudaGraph_t graph = nullptr;
    begin();
    EXPECT(cudaMemsetAsync(x, 0, 4, stream) == cudaSuccess);
    EXPECT(setFrontEarly(stream) == cudaErrorInvalidValue);
    EXPECT(launchOn(stream, 0, 1, 1, add, x, 2.0f) == cudaSuccess);
    EXPECT(setFrontEarly(stream, {cudaGraphKernelNodePortDefault, 0, cudaGraphDependencyTypeProgrammatic, {}}) == cudaErrorInvalidValue);
    EXPECT(setFrontEarly(stream, {cudaGraphKernelNodePortProgrammatic, 1, cudaGraphDependencyTypeProgrammatic, {}}) == cudaErrorInvalidValue);
    EXPECT(setFrontEarly(stream, {cudaGraphKernelNodePortProgrammatic, 0, cudaGraphDependencyTypeDefault, {}}) == cudaErrorInvalidValue);
    EXPECT(setFrontEarly(stream, {cudaGraphKernelNodePortLaunchCompletion, 0, cudaGraphDependencyTypeProgrammatic, {}}) == cudaSuccess);
    cudaStreamCaptureStatus status;
    const cudaGraphNode_t* nodes = nullptr;
    const cudaGraphEdgeData* edges = nullptr;
    size_t count = 0;
    EXPECT(cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, &nodes, nullptr, &count) == cudaErrorLossyQuery);
    EXPECT(cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, &nodes, &edges, &count) == cudaSuccess);
    EXPECT(count == 1 && edges[0].from_port == cudaGraphKernelNodePortLaunchCompletion);
    EXPECT(cudaMemsetAsync(x, 0, 4, stream) == cudaErrorInvalidValue);
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaErrorStreamCaptureInvalidated);
  });
  test("what cannot be captured is refused and ends the capture", [] {
    refuses(
        [] {
          void* memory;
          return cudaMalloc(&memory, 4);
        },
        cudaErrorStreamCaptureUnsupported);
    refuses([] { return cudaDeviceSynchronize(); }, cudaErrorStreamCaptureUnsupported);
    cudaStream_t stream = newStream();
    cudaGraph_t graph = nullptr;
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaErrorIllegalState);
    EXPECT(cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeGlobal) == cudaErrorStreamCaptureUnsupported);
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal) == cudaSuccess);
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal) == cudaErrorIllegalState);
    EXPECT(cudaStreamSynchronize(stream) == cudaErrorStreamCaptureUnsupported);
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaErrorStreamCaptureInvalidated);
  });
  test("a capture in the mode of a thread does not concern others", [] {
    cudaStream_t stream = newStream();
    cudaGraph_t graph = nullptr;
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
    std::thread([&] {
      deviceMemory<float>(4);
      EXPECT(cudaStreamEndCapture(stream, &graph) == cudaErrorStreamCaptureWrongThread);
    }).join();
    EXPECT(cudaStreamEndCapture(stream, &graph) == cudaSuccess && graph != nullptr);
  });
  test("faults happen when the environment says so", [] {
    void* memory = nullptr;
    setenv("CUDA_EMULATOR_FAIL", "cudaMalloc@2=2,cudaLaunchKernelEx=1", 1);
    EXPECT(cudaMalloc(&memory, 4) == cudaSuccess && cudaMalloc(&memory, 4) == cudaErrorMemoryAllocation);
    EXPECT(cudaMalloc(&memory, 4) == cudaErrorMemoryAllocation && launch(1, 1, nothing) == cudaErrorInvalidValue);
    EXPECT(cudaPeekAtLastError() == cudaErrorInvalidValue);
    unsetenv("CUDA_EMULATOR_FAIL");
    EXPECT(cudaMalloc(&memory, 4) == cudaSuccess && launch(1, 1, nothing) == cudaSuccess);
    setenv("CUDA_EMULATOR_FAIL", "cudaStreamSynchronize=719", 1);
    EXPECT(cudaStreamSynchronize(nullptr) == cudaErrorLaunchFailure);
    unsetenv("CUDA_EMULATOR_FAIL");
    EXPECT(cudaMalloc(&memory, 4) == cudaErrorLaunchFailure);
  });
  test("the device is what the environment says", [] {
    setenv("CUDA_EMULATOR_COMPUTE_CAPABILITY", "7.0", 1);
    setenv("CUDA_EMULATOR_MEMORY", "1000", 1);
    cudaDeviceProp gpu;
    EXPECT(cudaGetDeviceProperties(&gpu, 0) == cudaSuccess && gpu.major == 7 && gpu.minor == 0 &&
           gpu.totalGlobalMem == 1000);
    EXPECT(cudaGetDeviceProperties(&gpu, 1) == cudaErrorInvalidDevice);
    cudaFuncAttributes attributes;
    EXPECT(cudaFuncGetAttributes(&attributes, nothing) == cudaErrorNoKernelImageForDevice);
    void* memory = nullptr;
    EXPECT(cudaMalloc(&memory, 600) == cudaSuccess && cudaMalloc(&memory, 600) == cudaErrorMemoryAllocation);
    int count = -1;
    setenv("CUDA_EMULATOR_DEVICES", "0", 1);
    EXPECT(cudaGetDeviceCount(&count) == cudaErrorNoDevice && count == 0);
    setenv("CUDA_EMULATOR_DRIVER_VERSION", "12080", 1);
    EXPECT(cudaGetDeviceCount(&count) == cudaErrorInsufficientDriver);
    EXPECT(cudaDriverGetVersion(&count) == cudaSuccess && count == 12080);
  });
  test("every GPU has memory, streams, events and graphs of its own", [] {
    setenv("CUDA_EMULATOR_DEVICES", "2", 1);
    setenv("CUDA_EMULATOR_COMPUTE_CAPABILITY", "9.0,8.6", 1);
    setenv("CUDA_EMULATOR_MEMORY", "1000", 1);
    cudaDeviceProp gpu;
    EXPECT(cudaGetDeviceProperties(&gpu, 0) == cudaSuccess && gpu.major == 9);
    EXPECT(cudaGetDeviceProperties(&gpu, 1) == cudaSuccess && gpu.major == 8 && gpu.minor == 6);
    EXPECT(cudaSetDevice(2) == cudaErrorInvalidDevice);
    void* memory = nullptr;
    EXPECT(cudaMalloc(&memory, 600) == cudaSuccess && cudaMalloc(&memory, 600) == cudaErrorMemoryAllocation);
    cudaStream_t stream = newStream();
    cudaEvent_t event = nullptr;
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t exec = nullptr;
    EXPECT(cudaEventCreate(&event) == cudaSuccess);
    EXPECT(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess);
    EXPECT(launchOn(stream, 0, 1, 1, nothing) == cudaSuccess && cudaStreamEndCapture(stream, &graph) == cudaSuccess);
    EXPECT(cudaGraphInstantiate(&exec, graph, 0) == cudaSuccess);
    EXPECT(cudaSetDevice(1) == cudaSuccess);
    EXPECT(cudaMalloc(&memory, 600) == cudaSuccess && cudaFree(memory) == cudaSuccess);
    EXPECT(launchOn(stream, 0, 1, 1, nothing) == cudaErrorInvalidResourceHandle);
    EXPECT(cudaEventRecord(event) == cudaErrorInvalidResourceHandle);
    EXPECT(cudaGraphLaunch(exec, newStream()) == cudaErrorInvalidValue && cudaGraphLaunch(exec, stream) == cudaSuccess);
    std::thread([] {
      int device = -1;
      EXPECT(cudaGetDevice(&device) == cudaSuccess && device == 0);
    }).join();
    EXPECT(launch(1, 1, nothing) == cudaSuccess);
  });
  test("events", [] {
    cudaEvent_t start = nullptr, end = nullptr;
    float milliseconds = -1;
    EXPECT(cudaEventCreate(&start) == cudaSuccess && cudaEventCreate(&end) == cudaSuccess);
    EXPECT(cudaEventElapsedTime(&milliseconds, start, end) == cudaErrorInvalidResourceHandle);
    EXPECT(cudaEventRecord(start) == cudaSuccess && cudaEventRecord(end) == cudaSuccess &&
           cudaEventQuery(end) == cudaSuccess);
    EXPECT(cudaEventElapsedTime(&milliseconds, start, end) == cudaSuccess && milliseconds >= 0);
    EXPECT(cudaEventDestroy(end) == cudaSuccess && cudaEventDestroy(end) == cudaErrorInvalidResourceHandle);
  });
  test("several threads at once", [] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
      threads.emplace_back([] {
        float* sums = deviceMemory<float>(8);
        for (int j = 0; j < 50; j++) {
          EXPECT(launch(8, 256, sumBlock<true>, sums) == cudaSuccess);
          EXPECT(read(sums, 8)[0] == 255.0f * 128);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  test("numbers", [] {
    float sine, cosine;
    sincospif(0.5f, &sine, &cosine);
    EXPECT(sine == 1 && std::fabs(cosine) < 1e-7f && rsqrtf(4) == 0.5f && __umulhi(1u << 31, 4) == 2);
    EXPECT(__umul64hi(1ull << 63, 4) == 2 && __uint_as_float(0x3f800000) == 1 && max(3, 4) == 4 && min(NAN, 1.0f) == 1);
    EXPECT(__fmul_rn(3, 4) + __frcp_rn(2) == 12.5f);
  });
  test("speed", [] {
    measure("no barrier", countStart);
    measure("three barriers", threeBarriers);
    measure("five shuffles", fiveShuffles);
  });
  std::printf(failures == 0 ? "all passed\n" : "%d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
