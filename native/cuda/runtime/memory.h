// Memory that belongs to an object: on the GPU, on the host where the GPU copies to directly, and events and streams.
#pragma once
#include <cuda_runtime_api.h>

#include <memory>

namespace cuda_gan::cuda {

// Memory of the GPU, of 1 byte at least. Throws CodedError CUDA_GAN_NO_MEMORY with what was wanted and what is free.
std::shared_ptr<void> allocateOnDevice(size_t bytes);
// Page-locked memory of the host.
std::shared_ptr<void> allocateOnHost(size_t bytes);

struct StreamDeleter {
  void operator()(cudaStream_t stream) const;
};
struct EventDeleter {
  void operator()(cudaEvent_t event) const;
};
struct GraphDeleter {
  void operator()(cudaGraphExec_t graph) const;
};
using Stream = std::unique_ptr<CUstream_st, StreamDeleter>;
using Event = std::unique_ptr<CUevent_st, EventDeleter>;
using GraphExec = std::unique_ptr<CUgraphExec_st, GraphDeleter>;

// A stream that does not wait for the default one.
Stream createStream();
Event createEvent();

}  // namespace cuda_gan::cuda
