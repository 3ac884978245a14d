// Memory, streams, graphs and errors of the emulated CUDA runtime. Streams run at once; what a stream captures becomes a
// graph, whose nodes run in random order as far as their dependencies allow.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cuda_runtime.h"
#include "fibers.h"

constexpr size_t sharedBytes = 228 << 10;
alignas(16) thread_local float4 cudaGanShared[sharedBytes / sizeof(float4)];

struct CUgraphNode_st {
  std::function<void()> work;
  std::vector<CUgraphNode_st*> after;
};
struct CUgraph_st {
  std::vector<std::unique_ptr<CUgraphNode_st>> nodes;
};
struct CUgraphExec_st {
  std::vector<std::function<void()>> work;
  std::vector<std::vector<size_t>> next;  // nodes that wait for this one
  std::vector<int> waitsFor;              // how many
};
struct CUstream_st {
  CUgraph_st* captured = nullptr;
  std::vector<CUgraphNode_st*> front;  // what the next node will wait for
};
struct CUevent_st {};

namespace {

std::mutex mutex;
std::mt19937 randomNumbers(1);
cudaError_t lost = cudaSuccess;
thread_local cudaError_t last = cudaSuccess;

long number(const char* variable, long otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr || *text == '\0' ? otherwise : std::atol(text);
}

cudaError_t remembered(cudaError_t error) {
  if (error != cudaSuccess) last = error;
  return error;
}

// CUDA_EMULATOR_FAIL="cudaMalloc@3=2": the third call of cudaMalloc from now on, and all after it, return error 2.
cudaError_t injected(const std::string& function) {
  static std::string setting;
  static int calls = 0;
  const char* text = std::getenv("CUDA_EMULATOR_FAIL");
  if (text == nullptr || *text == '\0') return cudaSuccess;
  if (setting != text) {
    setting = text;
    calls = 0;
  }
  const size_t at = setting.find('@'), equals = setting.find('=');
  if (setting.substr(0, at) != function) return cudaSuccess;
  return ++calls >= std::stoi(setting.substr(at + 1)) ? static_cast<cudaError_t>(std::stoi(setting.substr(equals + 1))) : cudaSuccess;
}

// How every function begins: with an error that is meant to happen, or one that never ends.
cudaError_t begin(const char* function) {
  const cudaError_t error = injected(function);
  if (error >= cudaErrorIllegalAddress && error <= cudaErrorLaunchFailure) lost = error;
  return remembered(lost != cudaSuccess ? lost : error);
}

#define BEGIN(function)                                               \
  const std::lock_guard<std::mutex> lock(mutex);                      \
  if (const cudaError_t error = begin(function); error != cudaSuccess) return error

// Memory is poisoned, and lies between guards that must stay as they are.
constexpr size_t guardBytes = 256;
constexpr unsigned char guardByte = 0xa5, poisonByte = 0xff;
std::map<char*, size_t> allocations;
size_t allocatedBytes = 0;

size_t memoryBytes() { return static_cast<size_t>(number("CUDA_EMULATOR_MEMORY", 1L << 30)); }

bool isGuarded(char* memory, size_t bytes) {
  const auto intact = [](const char* from) {
    return std::all_of(from, from + guardBytes, [](char byte) { return static_cast<unsigned char>(byte) == guardByte; });
  };
  return intact(memory - guardBytes) && intact(memory + bytes);
}

// A write beside an allocation loses the device, as an illegal address does.
void checkGuards() {
  for (const auto& [memory, bytes] : allocations) {
    if (isGuarded(memory, bytes)) continue;
    std::fprintf(stderr, "CUDA emulator: a kernel wrote beside an allocation of %zu bytes\n", bytes);
    lost = cudaErrorIllegalAddress;
  }
}

void enqueue(cudaStream_t stream, std::function<void()> work) {
  if (stream->captured == nullptr) return work();
  auto node = std::make_unique<CUgraphNode_st>(CUgraphNode_st{std::move(work), stream->front});
  stream->front = {node.get()};
  stream->captured->nodes.push_back(std::move(node));
}

// Where a stand-in for a library of NVIDIA finds how to put work into a stream.
const bool isNamed = [] {
  return setenv("CUDA_EMULATOR_ENQUEUE", std::to_string(reinterpret_cast<uintptr_t>(&enqueue)).c_str(), 1) == 0;
}();

void runKernel(unsigned blocks, unsigned threads, const std::function<void()>& body) {
  std::vector<unsigned> order(blocks);
  for (unsigned i = 0; i < blocks; i++) order[i] = i;
  std::shuffle(order.begin(), order.end(), randomNumbers);
  for (const unsigned block : order) {
    blockIdx = {block, 0, 0};
    std::memset(cudaGanShared, poisonByte, 48 << 10);
    if (cuda_emulator::runBlock(static_cast<int>(threads), body, randomNumbers)) continue;
    std::fprintf(stderr, "CUDA emulator: lanes of a warp do not all take part in a shuffle\n");
    std::abort();
  }
}

}  // namespace

namespace cuda_emulator {

cudaError_t launch(dim3 grid, dim3 block, size_t shared, size_t parameterBytes, cudaStream_t stream, std::function<void()> body) {
  BEGIN("cudaLaunchKernelEx");
  if (grid.x == 0 || grid.x > INT32_MAX || block.x == 0 || block.x > 1024) return remembered(cudaErrorInvalidConfiguration);
  if (shared > 48 << 10 || parameterBytes > 4096) return remembered(cudaErrorInvalidValue);
  enqueue(stream, [=] { runKernel(grid.x, block.x, body); });
  return cudaSuccess;
}

}  // namespace cuda_emulator

cudaError_t cudaGetDeviceCount(int* count) {
  BEGIN("cudaGetDeviceCount");
  *count = static_cast<int>(number("CUDA_EMULATOR_DEVICES", 1));
  return *count > 0 ? cudaSuccess : remembered(cudaErrorNoDevice);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  BEGIN("cudaGetDeviceProperties");
  const long capability = number("CUDA_EMULATOR_COMPUTE_CAPABILITY", 90);
  *properties = {"Emulated GPU", memoryBytes(), static_cast<int>(capability / 10), static_cast<int>(capability % 10), 4};
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = static_cast<int>(number("CUDA_EMULATOR_DRIVER_VERSION", 13000));
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}

cudaError_t cudaGetLastError() { return std::exchange(last, cudaSuccess); }

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation: return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidValue: return "cudaErrorInvalidValue";
    case cudaErrorIllegalAddress: return "cudaErrorIllegalAddress";
    case cudaErrorNoKernelImageForDevice: return "cudaErrorNoKernelImageForDevice";
    case cudaErrorUnknown: return "cudaErrorUnknown";
    default: return "an error that the emulator has no name for";
  }
}
const char* cudaGetErrorString(cudaError_t error) { return error == cudaSuccess ? "no error" : "as the CUDA emulator was told"; }

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  BEGIN("cudaMalloc");
  if (allocatedBytes + bytes > memoryBytes()) return remembered(cudaErrorMemoryAllocation);
  char* block = static_cast<char*>(std::aligned_alloc(256, (bytes + 255) / 256 * 256 + 2 * guardBytes));
  std::memset(block, guardByte, bytes + 2 * guardBytes);
  std::memset(block + guardBytes, poisonByte, bytes);
  allocations[block + guardBytes] = bytes;
  allocatedBytes += bytes;
  *memory = block + guardBytes;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  BEGIN("cudaFree");
  const auto found = allocations.find(static_cast<char*>(memory));
  if (found == allocations.end()) return remembered(cudaErrorInvalidValue);
  checkGuards();
  allocatedBytes -= found->second;
  std::free(found->first - guardBytes);
  allocations.erase(found);
  return cudaSuccess;
}

cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  BEGIN("cudaMallocHost");
  *memory = std::malloc(bytes);
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* memory) {
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  BEGIN("cudaMemGetInfo");
  *total = memoryBytes();
  *free = *total - allocatedBytes;
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind, cudaStream_t stream) {
  BEGIN("cudaMemcpyAsync");
  enqueue(stream, [=] { std::memmove(target, source, bytes); });
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  BEGIN("cudaStreamCreateWithFlags");
  *stream = new CUstream_st;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  BEGIN("cudaStreamSynchronize");
  if (stream->captured != nullptr) return remembered(cudaErrorStreamCaptureUnsupported);
  checkGuards();
  return remembered(lost);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  BEGIN("cudaEventCreateWithFlags");
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t) {
  BEGIN("cudaEventRecord");
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t) {
  BEGIN("cudaEventSynchronize");
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  BEGIN("cudaStreamBeginCapture");
  stream->captured = new CUgraph_st;
  stream->front.clear();
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  BEGIN("cudaStreamEndCapture");
  *graph = std::exchange(stream->captured, nullptr);
  return cudaSuccess;
}

cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus* status, unsigned long long*, cudaGraph_t*,
                                     const cudaGraphNode_t** nodes, const cudaGraphEdgeData** edges, size_t* count) {
  BEGIN("cudaStreamGetCaptureInfo");
  *status = stream->captured == nullptr ? cudaStreamCaptureStatusNone : cudaStreamCaptureStatusActive;
  *nodes = stream->front.data();
  *edges = nullptr;
  *count = stream->front.size();
  return cudaSuccess;
}

cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t* nodes, const cudaGraphEdgeData*, size_t count,
                                                unsigned flags) {
  BEGIN("cudaStreamUpdateCaptureDependencies");
  if (flags == cudaStreamSetCaptureDependencies) stream->front.clear();
  stream->front.insert(stream->front.end(), nodes, nodes + count);
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  BEGIN("cudaGraphInstantiate");
  auto* result = new CUgraphExec_st;
  std::map<CUgraphNode_st*, size_t> index;
  for (const auto& node : graph->nodes) {
    index[node.get()] = result->work.size();
    result->work.push_back(node->work);
    result->next.emplace_back();
    const std::set<CUgraphNode_st*> after(node->after.begin(), node->after.end());
    result->waitsFor.push_back(static_cast<int>(after.size()));
    for (CUgraphNode_st* before : after) result->next[index.at(before)].push_back(result->work.size() - 1);
  }
  *exec = result;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  BEGIN("cudaGraphLaunch");
  enqueue(stream, [=] {
    std::vector<int> waitsFor = exec->waitsFor;
    std::vector<size_t> ready;
    for (size_t i = 0; i < waitsFor.size(); i++)
      if (waitsFor[i] == 0) ready.push_back(i);
    while (!ready.empty()) {
      std::swap(ready[randomNumbers() % ready.size()], ready.back());
      const size_t node = ready.back();
      ready.pop_back();
      exec->work[node]();
      for (const size_t next : exec->next[node])
        if (--waitsFor[next] == 0) ready.push_back(next);
    }
  });
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  delete exec;
  return cudaSuccess;
}
