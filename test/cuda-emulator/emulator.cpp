// Streams, graphs, events and errors of the emulated CUDA runtime. Streams run at once; what a stream captures becomes
// a graph, whose nodes run in random order as far as their dependencies allow.
#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fibers.h"
#include "memory.h"
#include "settings.h"

using namespace cuda_emulator;

using Work = std::function<void()>;

// That a node waits for others, and whether it comes to the device before these have ended, and waits there.
struct Front {
  std::vector<CUgraphNode_st*> nodes;
  std::vector<cudaGraphEdgeData> edges;
  bool early() const {
    return std::any_of(edges.begin(), edges.end(), [](const cudaGraphEdgeData& edge) { return edge.type != cudaGraphDependencyTypeDefault; });
  }
};

struct CUgraphNode_st {
  const CUgraph_st* graph;
  cudaGraphNodeType type;
  Work work;
  std::vector<CUgraphNode_st*> after;
};
struct CUgraph_st {
  int gpu;
  std::vector<std::unique_ptr<CUgraphNode_st>> nodes;
};
struct CUgraphExec_st {
  int gpu;
  std::vector<Work> work;
  std::vector<std::vector<size_t>> next;  // nodes that wait for this one
  std::vector<int> waitsFor;              // how many
};
struct CUstream_st {
  int gpu = 0;
  unsigned flags = 0;
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
  std::thread::id capturedBy;
  unsigned long long id = 0;
  std::unique_ptr<CUgraph_st> captured;
  Front front;  // what the next node will wait for
};
struct CUevent_st {
  int gpu;
  unsigned flags;
  bool recorded = false, captured = false;
  std::chrono::steady_clock::time_point time;
};

namespace {

struct Gpu {
  Memory memory{"device"};
  CUstream_st defaultStream;
};

// Lives as long as the process: threads may still call when that ends.
struct State {
  std::mutex mutex;
  Random random{1};
  long seed = 1;
  Faults faults;
  cudaError_t lost = cudaSuccess;  // the error that never ends
  std::map<int, Gpu> gpus;
  Memory host{"page-locked"};
  std::map<const void*, int> sharedBytesOf;  // kernels that may take more than 48 KiB
  std::set<CUstream_st*> streams;  // but for the default ones
  std::set<const void*> handles;  // events and graphs
  unsigned long long captures = 0;
};
State& state = *new State;
thread_local cudaError_t last = cudaSuccess;
thread_local int currentDevice = 0;

Gpu& currentGpu() {
  Gpu& gpu = state.gpus[currentDevice];
  gpu.defaultStream.gpu = currentDevice;
  return gpu;
}

// The memory that all of this lies in, of whatever GPU; nullptr where it is none of a GPU's.
Memory* memoryAround(const void* begin, size_t bytes) {
  for (auto& [number, gpu] : state.gpus)
    if (gpu.memory.contains(begin, bytes)) return &gpu.memory;
  return nullptr;
}

cudaError_t remembered(cudaError_t error) {
  if (error != cudaSuccess) last = error;
  return error;
}

bool isSticky(cudaError_t error) {
  return (error >= cudaErrorIllegalAddress && error <= cudaErrorLaunchFailure &&
          error != cudaErrorLaunchOutOfResources) ||
         error == cudaErrorECCUncorrectable || error == cudaErrorNvlinkUncorrectable || error == cudaErrorContained;
}

// How every function begins: with an error that is meant to happen, or one that never ends.
cudaError_t begin(const char* function) {
  const cudaError_t error = state.faults.next(function);
  if (isSticky(error)) state.lost = error;
  if (state.lost != cudaSuccess || error != cudaSuccess)
    return remembered(state.lost != cudaSuccess ? state.lost : error);
  if (driverVersion() < CUDART_VERSION) return remembered(cudaErrorInsufficientDriver);
  if (deviceCount() <= 0) return remembered(cudaErrorNoDevice);
  if (const long seed = numberOf("CUDA_EMULATOR_SEED", 1); seed != state.seed) {
    state.seed = seed;
    state.random = Random(static_cast<uint64_t>(seed));
  }
  return cudaSuccess;
}

#define BEGIN                                          \
  const std::lock_guard<std::mutex> lock(state.mutex); \
  if (const cudaError_t error = begin(__func__); error != cudaSuccess) return error

// Returns from the function with an error, if it is one.
#define CHECK(status) \
  if (const cudaError_t error = (status); error != cudaSuccess) return remembered(error)

cudaError_t invalidate(CUstream_st& stream, cudaError_t error) {
  stream.status = cudaStreamCaptureStatusInvalidated;
  stream.captured.reset();
  stream.front = {};
  return error;
}

// Calls that may wait for the device are not allowed while this thread captures, or another does in the global mode.
cudaError_t unsafeUnderCapture() {
  for (CUstream_st* stream : state.streams) {
    if (stream->status != cudaStreamCaptureStatusActive || stream->mode == cudaStreamCaptureModeRelaxed) continue;
    if (stream->mode == cudaStreamCaptureModeGlobal || stream->capturedBy == std::this_thread::get_id())
      return invalidate(*stream, cudaErrorStreamCaptureUnsupported);
  }
  return cudaSuccess;
}

// Makes `stream` one that exists. The default stream waits for others, and so cannot be used while they capture.
cudaError_t find(cudaStream_t& stream) {
  if (reinterpret_cast<uintptr_t>(stream) > 2)
    return state.streams.count(stream) != 0 ? cudaSuccess : cudaErrorInvalidResourceHandle;
  stream = &currentGpu().defaultStream;
  for (CUstream_st* other : state.streams)
    if (other->status == cudaStreamCaptureStatusActive && (other->flags & cudaStreamNonBlocking) == 0)
      return invalidate(*other, cudaErrorStreamCaptureImplicit);
  return cudaSuccess;
}

cudaError_t exists(const void* handle) {
  return state.handles.count(handle) != 0 ? cudaSuccess : cudaErrorInvalidResourceHandle;
}

template <class T>
T* added(T* object) {
  state.handles.insert(object);
  return object;
}
template <class T>
cudaError_t removed(T* object) {
  if (state.handles.erase(object) == 0) return remembered(cudaErrorInvalidResourceHandle);
  delete object;
  return cudaSuccess;
}

// Waiting for a stream, or asking it, ends its capture.
cudaError_t notCapturing(CUstream_st& stream) {
  if (stream.status == cudaStreamCaptureStatusActive) return invalidate(stream, cudaErrorStreamCaptureUnsupported);
  return stream.status == cudaStreamCaptureStatusInvalidated ? cudaErrorStreamCaptureInvalidated : cudaSuccess;
}

// What has been written beside memory loses the device, as an illegal address does.
cudaError_t checkMemory() {
  bool isIntact = state.host.isIntact();
  for (const auto& [number, gpu] : state.gpus) isIntact = gpu.memory.isIntact() && isIntact;
  if (!isIntact) state.lost = cudaErrorIllegalAddress;
  return remembered(state.lost);
}

cudaError_t enqueueNode(CUstream_st& stream, cudaGraphNodeType type, Work work) {
  if (stream.status == cudaStreamCaptureStatusInvalidated) return remembered(cudaErrorStreamCaptureInvalidated);
  if (stream.status == cudaStreamCaptureStatusNone) {
    work();
    return cudaSuccess;
  }
  if (stream.front.early() && type != cudaGraphNodeTypeKernel) return invalidate(stream, cudaErrorInvalidValue);
  stream.captured->nodes.emplace_back(new CUgraphNode_st{stream.captured.get(), type, std::move(work), stream.front.nodes});
  stream.front = {{stream.captured->nodes.back().get()}, {cudaGraphEdgeData{}}};
  return cudaSuccess;
}

// For a stand-in for a library of NVIDIA: puts work into a stream.
void enqueue(cudaStream_t stream, Work work) {
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (find(stream) != cudaSuccess) return;
  if (stream->front.early()) {
    std::fprintf(stderr, "CUDA emulator: a kernel of a library comes to the device early, and does not wait\n");
    std::abort();
  }
  enqueueNode(*stream, cudaGraphNodeTypeKernel, std::move(work));
}
const bool isNamed = [] {
  return setenv("CUDA_EMULATOR_ENQUEUE", std::to_string(reinterpret_cast<uintptr_t>(&enqueue)).c_str(), 1) == 0;
}();

cudaError_t checkLaunch(const cudaLaunchConfig_t& config, const void* kernel, size_t parameterBytes) {
  const dim3 grid = config.gridDim, block = config.blockDim;
  const uint64_t threads = uint64_t{block.x} * block.y * block.z;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > INT32_MAX || grid.y > 65535 || grid.z > 65535)
    return cudaErrorInvalidValue;
  if (threads == 0 || threads > 1024 || block.x > 1024 || block.y > 1024 || block.z > 64) return cudaErrorInvalidValue;
  const auto optIn = state.sharedBytesOf.find(kernel);
  const size_t most = optIn == state.sharedBytesOf.end() ? sharedBytesByDefault : static_cast<size_t>(optIn->second);
  if (config.dynamicSmemBytes > most || parameterBytes > 4096) return cudaErrorInvalidValue;
  return config.numAttrs == 0 ? cudaSuccess : cudaErrorNotSupported;
}

cudaDeviceProp properties(int number) {
  cudaDeviceProp gpu{};
  std::strcpy(gpu.name, "Emulated GPU");
  gpu.totalGlobalMem = memoryBytes();
  gpu.sharedMemPerBlock = sharedBytesByDefault;
  gpu.sharedMemPerBlockOptin = sharedBytesAtMost;
  gpu.sharedMemPerMultiprocessor = sharedBytesInAll;
  gpu.reservedSharedMemPerBlock = 1024;
  gpu.regsPerBlock = gpu.regsPerMultiprocessor = 65536;
  gpu.warpSize = 32;
  gpu.maxThreadsPerBlock = gpu.maxThreadsDim[0] = gpu.maxThreadsDim[1] = 1024;
  gpu.maxThreadsDim[2] = 64;
  gpu.maxGridSize[0] = INT32_MAX;
  gpu.maxGridSize[1] = gpu.maxGridSize[2] = 65535;
  gpu.major = computeCapability(number) / 10;
  gpu.minor = computeCapability(number) % 10;
  gpu.multiProcessorCount = 4;
  gpu.concurrentKernels = 1;
  gpu.l2CacheSize = 4 << 20;
  gpu.maxThreadsPerMultiProcessor = 2048;
  gpu.maxBlocksPerMultiProcessor = 32;
  return gpu;
}

cudaError_t checkDevice(int device) {
  return device >= 0 && device < deviceCount() ? cudaSuccess : cudaErrorInvalidDevice;
}

}  // namespace

namespace cuda_emulator {

// Named as users call it, for CUDA_EMULATOR_FAIL.
static cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t& config, const void* kernel, size_t parameterBytes,
                                      std::shared_ptr<const Body> body) {
  BEGIN;
  cudaStream_t stream = config.stream;
  CHECK(find(stream));
  CHECK(checkLaunch(config, kernel, parameterBytes));
  if (stream->gpu != currentDevice) return remembered(cudaErrorInvalidResourceHandle);
  const dim3 grid = config.gridDim, block = config.blockDim;
  const size_t sharedBytes = config.dynamicSmemBytes;
  const bool early = stream->front.early();
  return enqueueNode(*stream, cudaGraphNodeTypeKernel, [=] {
    if (state.lost == cudaSuccess) state.lost = runKernel(grid, block, sharedBytes, *body, early, state.random);
  });
}

cudaError_t launch(const cudaLaunchConfig_t& config, const void* kernel, size_t parameterBytes, const Body* body) {
  return cudaLaunchKernelEx(config, kernel, parameterBytes, std::shared_ptr<const Body>(body));
}

}  // namespace cuda_emulator

// The device, and errors.

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  BEGIN;
  *count = deviceCount();
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  BEGIN;
  CHECK(checkDevice(device));
  currentDevice = device;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
  BEGIN;
  *device = currentDevice;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* gpu, int device) {
  BEGIN;
  CHECK(checkDevice(device));
  *gpu = properties(device);
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  BEGIN;
  CHECK(checkDevice(device));
  const cudaDeviceProp gpu = properties(device);
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: *value = gpu.maxThreadsPerBlock; break;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = static_cast<int>(gpu.sharedMemPerBlock); break;
    case cudaDevAttrWarpSize: *value = gpu.warpSize; break;
    case cudaDevAttrMaxRegistersPerBlock: *value = gpu.regsPerBlock; break;
    case cudaDevAttrMultiProcessorCount: *value = gpu.multiProcessorCount; break;
    case cudaDevAttrL2CacheSize: *value = gpu.l2CacheSize; break;
    case cudaDevAttrMaxThreadsPerMultiProcessor: *value = gpu.maxThreadsPerMultiProcessor; break;
    case cudaDevAttrComputeCapabilityMajor: *value = gpu.major; break;
    case cudaDevAttrComputeCapabilityMinor: *value = gpu.minor; break;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor: *value = static_cast<int>(gpu.sharedMemPerMultiprocessor); break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = static_cast<int>(gpu.sharedMemPerBlockOptin); break;
    case cudaDevAttrMaxBlocksPerMultiprocessor: *value = gpu.maxBlocksPerMultiProcessor; break;
    case cudaDevAttrReservedSharedMemoryPerBlock: *value = static_cast<int>(gpu.reservedSharedMemPerBlock); break;
    default: return remembered(cudaErrorInvalidValue);
  }
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  BEGIN;
  CHECK(unsafeUnderCapture());
  return checkMemory();
}

// The versions are there without a device.
cudaError_t cudaDriverGetVersion(int* version) {
  const std::lock_guard<std::mutex> lock(state.mutex);
  *version = driverVersion();
  return remembered(state.faults.next(__func__));
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  const std::lock_guard<std::mutex> lock(state.mutex);
  *version = CUDART_VERSION;
  return remembered(state.faults.next(__func__));
}

cudaError_t cudaGetLastError() {
  const std::lock_guard<std::mutex> lock(state.mutex);
  const cudaError_t error = std::exchange(last, cudaSuccess);
  return state.lost != cudaSuccess ? state.lost : error;
}
cudaError_t cudaPeekAtLastError() {
  const std::lock_guard<std::mutex> lock(state.mutex);
  return state.lost != cudaSuccess ? state.lost : last;
}
const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
#define NAME(name, number) \
  case name: return #name;
    CUDA_EMULATOR_ERRORS(NAME)
#undef NAME
  }
  return "unrecognized error code";
}
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaSuccess ? "no error" : "as the CUDA emulator was told";
}

// Memory.

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  BEGIN;
  CHECK(unsafeUnderCapture());
  *memory = nullptr;
  if (bytes == 0) return cudaSuccess;
  Memory& own = currentGpu().memory;
  if (bytes > memoryBytes() || own.allocated() > memoryBytes() - bytes) return remembered(cudaErrorMemoryAllocation);
  *memory = own.allocate(bytes);
  return *memory == nullptr ? remembered(cudaErrorMemoryAllocation) : cudaSuccess;
}
cudaError_t cudaFree(void* memory) {
  BEGIN;
  CHECK(unsafeUnderCapture());
  if (memory == nullptr) return cudaSuccess;
  CHECK(checkMemory());
  Memory* around = memoryAround(memory, 0);
  return around != nullptr && around->release(memory) ? cudaSuccess : remembered(cudaErrorInvalidValue);
}
static cudaError_t allocateOnHost(void** memory, size_t bytes) {
  CHECK(unsafeUnderCapture());
  *memory = bytes == 0 ? nullptr : state.host.allocate(bytes);
  return bytes > 0 && *memory == nullptr ? remembered(cudaErrorMemoryAllocation) : cudaSuccess;
}
cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  BEGIN;
  return allocateOnHost(memory, bytes);
}
cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  BEGIN;
  return allocateOnHost(memory, bytes);
}
cudaError_t cudaFreeHost(void* memory) {
  BEGIN;
  CHECK(unsafeUnderCapture());
  if (memory == nullptr) return cudaSuccess;
  CHECK(checkMemory());
  return state.host.release(memory) ? cudaSuccess : remembered(cudaErrorInvalidValue);
}
cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  BEGIN;
  *total = memoryBytes();
  *free = *total - std::min(*total, currentGpu().memory.allocated());
  return cudaSuccess;
}

// Whether both ends are where `kind` says, and all of them is.
static cudaError_t checkCopy(const void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
  const bool toDevice = memoryAround(target, bytes) != nullptr, fromDevice = memoryAround(source, bytes) != nullptr;
  if (bytes == 0 || kind == cudaMemcpyDefault) return cudaSuccess;
  if (kind == cudaMemcpyHostToHost) return toDevice || fromDevice ? cudaErrorInvalidValue : cudaSuccess;
  const bool wantsTarget = kind != cudaMemcpyDeviceToHost, wantsSource = kind != cudaMemcpyHostToDevice;
  return toDevice == wantsTarget && fromDevice == wantsSource ? cudaSuccess : cudaErrorInvalidValue;
}
cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind) {
  BEGIN;
  CHECK(unsafeUnderCapture());
  cudaStream_t stream = nullptr;
  CHECK(find(stream));
  CHECK(checkCopy(target, source, bytes, kind));
  CHECK(checkMemory());
  std::memmove(target, source, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  CHECK(checkCopy(target, source, bytes, kind));
  return enqueueNode(*stream, cudaGraphNodeTypeMemcpy, [=] { std::memmove(target, source, bytes); });
}
cudaError_t cudaMemset(void* target, int value, size_t bytes) {
  BEGIN;
  CHECK(unsafeUnderCapture());
  cudaStream_t stream = nullptr;
  CHECK(find(stream));
  if (memoryAround(target, bytes) == nullptr) return remembered(cudaErrorInvalidValue);
  std::memset(target, value, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* target, int value, size_t bytes, cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  if (memoryAround(target, bytes) == nullptr) return remembered(cudaErrorInvalidValue);
  return enqueueNode(*stream, cudaGraphNodeTypeMemset, [=] { std::memset(target, value, bytes); });
}

// Streams and events.

static cudaError_t createStream(cudaStream_t* stream, unsigned flags) {
  *stream = *state.streams.insert(new CUstream_st).first;
  (*stream)->gpu = currentDevice;
  (*stream)->flags = flags;
  return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  BEGIN;
  return createStream(stream, cudaStreamDefault);
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  BEGIN;
  return flags > cudaStreamNonBlocking ? remembered(cudaErrorInvalidValue) : createStream(stream, flags);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  BEGIN;
  if (state.streams.erase(stream) == 0)
    return remembered(cudaErrorInvalidResourceHandle);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  CHECK(notCapturing(*stream));
  return checkMemory();
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  return remembered(notCapturing(*stream));
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  BEGIN;
  CHECK(find(stream));
  CHECK(exists(event));
  if (stream->status == cudaStreamCaptureStatusNone && !event->captured) return cudaSuccess;
  std::fprintf(stderr,
               "CUDA emulator: cudaStreamWaitEvent does not capture here, use cudaStreamUpdateCaptureDependencies\n");
  return remembered(cudaErrorNotSupported);
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  BEGIN;
  *event = added(new CUevent_st{currentDevice, cudaEventDefault, false, false, {}});
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  BEGIN;
  *event = added(new CUevent_st{currentDevice, flags, false, false, {}});
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  BEGIN;
  return removed(event);
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  CHECK(exists(event));
  if (stream->gpu != event->gpu) return remembered(cudaErrorInvalidResourceHandle);
  if (stream->status == cudaStreamCaptureStatusInvalidated) return remembered(cudaErrorStreamCaptureInvalidated);
  event->captured = stream->status == cudaStreamCaptureStatusActive;
  event->recorded = !event->captured;
  event->time = std::chrono::steady_clock::now();
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  BEGIN;
  CHECK(exists(event));
  if (event->captured) return remembered(cudaErrorCapturedEvent);
  CHECK(unsafeUnderCapture());
  return checkMemory();
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  BEGIN;
  CHECK(exists(event));
  if (event->captured) return remembered(cudaErrorCapturedEvent);
  return remembered(unsafeUnderCapture());
}
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  BEGIN;
  CHECK(exists(start));
  CHECK(exists(end));
  if (!start->recorded || !end->recorded || ((start->flags | end->flags) & cudaEventDisableTiming) != 0)
    return remembered(cudaErrorInvalidResourceHandle);
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return cudaSuccess;
}

// Kernels.

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  BEGIN;
  if (attribute == cudaFuncAttributePreferredSharedMemoryCarveout) return cudaSuccess;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize || value < 0 ||
      value > static_cast<int>(sharedBytesAtMost))
    return remembered(cudaErrorInvalidValue);
  state.sharedBytesOf[kernel] = value;
  return cudaSuccess;
}
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel) {
  BEGIN;
  if (computeCapability(currentDevice) < oldestComputeCapability) return remembered(cudaErrorNoKernelImageForDevice);
  const auto optIn = state.sharedBytesOf.find(kernel);
  *attributes = {};
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;
  attributes->ptxVersion = attributes->binaryVersion = computeCapability(currentDevice);
  attributes->maxDynamicSharedSizeBytes =
      optIn == state.sharedBytesOf.end() ? static_cast<int>(sharedBytesByDefault) : optIn->second;
  return cudaSuccess;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int blockSize, size_t sharedBytes) {
  BEGIN;
  const cudaDeviceProp gpu = properties(currentDevice);
  if (blockSize <= 0 || blockSize > gpu.maxThreadsPerBlock) return remembered(cudaErrorInvalidValue);
  const int byThreads = gpu.maxThreadsPerMultiProcessor / ((blockSize + 31) / 32 * 32);
  const auto byMemory =
      static_cast<int>(gpu.sharedMemPerMultiprocessor / (sharedBytes + gpu.reservedSharedMemPerBlock));
  *blocks = std::min({byThreads, byMemory, gpu.maxBlocksPerMultiProcessor});
  return cudaSuccess;
}

// Capture and graphs.

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  BEGIN;
  CHECK(find(stream));
  if (state.streams.count(stream) == 0) return remembered(cudaErrorStreamCaptureUnsupported);
  if (stream->status != cudaStreamCaptureStatusNone) return remembered(cudaErrorIllegalState);
  stream->status = cudaStreamCaptureStatusActive;
  stream->mode = mode;
  stream->capturedBy = std::this_thread::get_id();
  stream->id = ++state.captures;
  stream->captured = std::make_unique<CUgraph_st>();
  stream->captured->gpu = stream->gpu;
  stream->front = {};
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  BEGIN;
  *graph = nullptr;
  CHECK(find(stream));
  if (stream->status == cudaStreamCaptureStatusNone) return remembered(cudaErrorIllegalState);
  if (stream->mode != cudaStreamCaptureModeRelaxed && stream->capturedBy != std::this_thread::get_id())
    return remembered(cudaErrorStreamCaptureWrongThread);
  stream->front = {};
  if (std::exchange(stream->status, cudaStreamCaptureStatusNone) == cudaStreamCaptureStatusInvalidated)
    return remembered(cudaErrorStreamCaptureInvalidated);
  *graph = added(stream->captured.release());
  return cudaSuccess;
}
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  BEGIN;
  CHECK(find(stream));
  *status = stream->status;
  return cudaSuccess;
}
cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus* status, unsigned long long* id,
                                     cudaGraph_t* graph, const cudaGraphNode_t** nodes, const cudaGraphEdgeData** edges,
                                     size_t* count) {
  BEGIN;
  CHECK(find(stream));
  *status = stream->status;
  if (id != nullptr) *id = stream->id;
  if (graph != nullptr) *graph = stream->captured.get();
  if (nodes != nullptr && edges == nullptr && stream->front.early()) return remembered(cudaErrorLossyQuery);
  if (nodes != nullptr) *nodes = stream->front.nodes.data();
  if (edges != nullptr) *edges = stream->front.edges.data();
  if (count != nullptr) *count = stream->front.nodes.size();
  return cudaSuccess;
}
// A kernel can come early when all blocks of the kernel that it waits for have begun, or have said that it may.
static bool isAllowed(const cudaGraphEdgeData& edge, const CUgraphNode_st& node) {
  if (edge.to_port != 0 || std::any_of(edge.reserved, edge.reserved + 5, [](unsigned char byte) { return byte != 0; })) return false;
  if (edge.type == cudaGraphDependencyTypeDefault) return edge.from_port == cudaGraphKernelNodePortDefault;
  return edge.type == cudaGraphDependencyTypeProgrammatic && node.type == cudaGraphNodeTypeKernel &&
         (edge.from_port == cudaGraphKernelNodePortProgrammatic || edge.from_port == cudaGraphKernelNodePortLaunchCompletion);
}
cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t* nodes,
                                                const cudaGraphEdgeData* edges, size_t count, unsigned flags) {
  BEGIN;
  CHECK(find(stream));
  if (stream->status == cudaStreamCaptureStatusNone) return remembered(cudaErrorIllegalState);
  if (stream->status == cudaStreamCaptureStatusInvalidated) return remembered(cudaErrorStreamCaptureInvalidated);
  if (flags > cudaStreamSetCaptureDependencies) return remembered(cudaErrorInvalidValue);
  Front front;
  if (flags == cudaStreamAddCaptureDependencies) front = stream->front;
  for (size_t i = 0; i < count; i++) {
    const cudaGraphEdgeData edge = edges == nullptr ? cudaGraphEdgeData{} : edges[i];
    if (nodes[i]->graph != stream->captured.get() || !isAllowed(edge, *nodes[i])) return remembered(cudaErrorInvalidValue);
    if (std::find(front.nodes.begin(), front.nodes.end(), nodes[i]) != front.nodes.end()) continue;
    front.nodes.push_back(nodes[i]);
    front.edges.push_back(edge);
  }
  stream->front = std::move(front);
  return cudaSuccess;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  BEGIN;
  CHECK(exists(graph));
  const size_t there = graph->nodes.size();
  if (nodes != nullptr) {
    for (size_t i = 0; i < *count; i++) nodes[i] = i < there ? graph->nodes[i].get() : nullptr;
    *count = std::min(*count, there);
  } else {
    *count = there;
  }
  return cudaSuccess;
}
cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type) {
  BEGIN;
  *type = node->type;
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  BEGIN;
  CHECK(exists(graph));
  auto result = std::make_unique<CUgraphExec_st>();
  result->gpu = graph->gpu;
  std::map<CUgraphNode_st*, size_t> index;
  for (const auto& node : graph->nodes) {
    const size_t own = index[node.get()] = result->work.size();
    result->work.push_back(node->work);
    result->next.emplace_back();
    result->waitsFor.push_back(static_cast<int>(node->after.size()));
    for (CUgraphNode_st* before : node->after) result->next[index.at(before)].push_back(own);
  }
  *exec = added(result.release());
  return cudaSuccess;
}
cudaError_t cudaGraphUpload(cudaGraphExec_t exec, cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  CHECK(exists(exec));
  return remembered(notCapturing(*stream));
}

static void runGraph(const CUgraphExec_st& exec) {
  std::vector<int> waitsFor = exec.waitsFor;
  std::vector<size_t> ready;
  for (size_t i = 0; i < waitsFor.size(); i++)
    if (waitsFor[i] == 0) ready.push_back(i);
  while (!ready.empty() && state.lost == cudaSuccess) {
    const size_t node = state.random.take(ready);
    exec.work[node]();
    for (const size_t next : exec.next[node])
      if (--waitsFor[next] == 0) ready.push_back(next);
  }
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  BEGIN;
  CHECK(find(stream));
  CHECK(exists(exec));
  if (exec->gpu != stream->gpu) return remembered(cudaErrorInvalidValue);
  if (stream->status != cudaStreamCaptureStatusNone)  // a graph within a graph is a copy
    return enqueueNode(*stream, cudaGraphNodeTypeGraph, [copy = *exec] { runGraph(copy); });
  runGraph(*exec);
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  BEGIN;
  return removed(graph);
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  BEGIN;
  return removed(exec);
}
