#include "check.h"

#include "../../errors.h"
#include "lost-errors.h"

namespace cuda_gan::cuda {

void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // an error that is not sticky is forgotten, so that the next call starts afresh
  const std::string what = std::string(call) + " failed with " + cudaGetErrorName(status) + " (" + cudaGetErrorString(status) + ")";
  if (status == cudaErrorMemoryAllocation) {
    throw CodedError("CUDA_GAN_NO_MEMORY", "out of GPU memory: " + what);
  }
  if (isWithoutCode(status)) {
    throw CodedError("CUDA_GAN_NO_DEVICE", "this build has no code for this GPU: " + what);
  }
  if (status == cudaErrorDevicesUnavailable) {
    throw CodedError("CUDA_GAN_NO_DEVICE", "the GPU is taken by another process, or not for computing: " + what);
  }
  if (isLost(status)) {
    throw CodedError("CUDA_GAN_DEVICE_LOST",
                     "the GPU was lost: " + what + ". This process cannot use it any more, a new one can; the cpu device still works");
  }
  throw CodedError("CUDA_GAN_INTERNAL", what);
}

bool isWithoutCode(cudaError_t status) {
  return status == cudaErrorNoKernelImageForDevice || status == cudaErrorInvalidDeviceFunction ||
         status == cudaErrorInvalidPtx || status == cudaErrorUnsupportedPtxVersion;
}

void useGpu(int gpu) { check(cudaSetDevice(gpu), "cudaSetDevice"); }

int currentGpu() {
  int gpu = 0;
  check(cudaGetDevice(&gpu), "cudaGetDevice");
  return gpu;
}

void awaitFirstCall(cudaStream_t stream, const char* library) {
  check(cudaStreamSynchronize(stream), (std::string("the first call of ") + library).c_str());
}

}  // namespace cuda_gan::cuda
