// Errors of the CUDA runtime as exceptions that say what failed and what to do.
#pragma once
#include <cuda_runtime_api.h>

#include <string>

namespace cuda_gan::cuda {

// `call` names the function, for the message. Throws CodedError.
void check(cudaError_t status, const char* call);

// Makes the first GPU the one of this thread, whatever other code of the process has chosen.
void useGpu();

// For destructors: what fails there has been reported by an earlier call, or the process is at its end.
inline void ignore(cudaError_t) {}

}  // namespace cuda_gan::cuda
