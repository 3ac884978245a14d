// The functions of cuBLASLt by their addresses.
#pragma once
#include "api.h"

namespace cuda_gan::cuda {

// From a library that dlopen has opened. Returns the name of a function that it lacks, or nullptr.
const char* loadFunctions(void* library, cublas_lt::Functions& functions);

}  // namespace cuda_gan::cuda
