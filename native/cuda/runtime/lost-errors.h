// Errors after which no call of this process succeeds on the GPU any more. Which of CUDA's errors are such, its headers say
// of each ("the process must be terminated and relaunched"); those of a device or a service that is gone are added.
// test/cuda/errors.test.ts holds the table to the headers.
#pragma once
#include <cuda_runtime_api.h>

namespace cuda_gan::cuda {

constexpr cudaError_t lostErrors[] = {
    // What a kernel did ends its context.
    cudaErrorIllegalAddress,
    cudaErrorLaunchTimeout,
    cudaErrorAssert,
    cudaErrorHardwareStackError,
    cudaErrorIllegalInstruction,
    cudaErrorMisalignedAddress,
    cudaErrorInvalidAddressSpace,
    cudaErrorInvalidPc,
    cudaErrorLaunchFailure,
    cudaErrorTensorMemoryLeak,
    cudaErrorContextIsDestroyed,
    // The hardware failed, or a device that it waits for.
    cudaErrorECCUncorrectable,
    cudaErrorNvlinkUncorrectable,
    cudaErrorContained,
    cudaErrorExternalDevice,
    // The service by which processes share a GPU ended them, or cannot be spoken to.
    cudaErrorMpsConnectionFailed,
    cudaErrorMpsRpcFailure,
    cudaErrorMpsServerNotReady,
    cudaErrorMpsMaxClientsReached,
    cudaErrorMpsMaxConnectionsReached,
    cudaErrorMpsClientTerminated,
    // The driver does not know what failed, so nothing can be relied upon.
    cudaErrorUnknown,
};

inline bool isLost(cudaError_t status) {
  for (const cudaError_t lost : lostErrors)
    if (status == lost) return true;
  return false;
}

}  // namespace cuda_gan::cuda
