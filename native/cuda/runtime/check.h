// Errors of the CUDA runtime as exceptions that say what failed and what to do.
#pragma once
#include <cuda_runtime_api.h>

#include <string>

namespace cuda_gan::cuda {

// `call` names the function, for the message. Throws CodedError.
void check(cudaError_t status, const char* call);

// Whether an error says that this build has no code for a GPU.
bool isWithoutCode(cudaError_t status);

// Makes a GPU that of this thread, whatever other code of the process, or another device, has chosen. GPUs are counted
// from 0 as the driver shows them.
void useGpu(int gpu);

// The GPU of this thread.
int currentGpu();

// Waits for the first call of a library, which has loaded its code and computes, so that an error of it is not that of a
// later call of another. Throws CodedError with the name of the library.
void awaitFirstCall(cudaStream_t stream, const char* library);

// For destructors: what fails there has been reported by an earlier call, or the process is at its end.
inline void ignore(cudaError_t) {}

}  // namespace cuda_gan::cuda
