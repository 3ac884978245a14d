#include "memory.h"

#include <algorithm>

#include "../../errors.h"
#include "check.h"

namespace cuda_gan::cuda {

std::shared_ptr<void> allocateOnDevice(size_t bytes) {
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, std::max<size_t>(1, bytes));
  if (status == cudaErrorMemoryAllocation) {
    ignore(cudaGetLastError());
    size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
    const auto mebibytes = [](size_t count) { return std::to_string(count >> 20) + " MiB"; };
    throw CodedError("CUDA_GAN_NO_MEMORY", "out of GPU memory: " + mebibytes(bytes) + " were wanted, " + mebibytes(free) +
                                               " of " + mebibytes(total) + " are free");
  }
  check(status, "cudaMalloc");
  return {memory, [](void* at) { ignore(cudaFree(at)); }};
}

std::shared_ptr<void> allocateOnHost(size_t bytes) {
  void* memory = nullptr;
  check(cudaMallocHost(&memory, std::max<size_t>(1, bytes)), "cudaMallocHost");
  return {memory, [](void* at) { ignore(cudaFreeHost(at)); }};
}

void StreamDeleter::operator()(cudaStream_t stream) const { ignore(cudaStreamDestroy(stream)); }
void EventDeleter::operator()(cudaEvent_t event) const { ignore(cudaEventDestroy(event)); }
void GraphDeleter::operator()(cudaGraphExec_t graph) const { ignore(cudaGraphExecDestroy(graph)); }

Stream createStream() {
  cudaStream_t stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  return Stream(stream);
}

Event createEvent() {
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventBlockingSync | cudaEventDisableTiming), "cudaEventCreateWithFlags");
  return Event(event);
}

}  // namespace cuda_gan::cuda
