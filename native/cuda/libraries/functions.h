// The functions of NVIDIA's libraries by their addresses.
#pragma once
#include "api.h"

namespace cuda_gan::cuda {

// From a library that dlopen has opened. They return the name of a function that it lacks, or nullptr.
const char* loadFunctions(void* library, cublas_lt::Functions& functions);
const char* loadFunctions(void* library, cudnn::Functions& functions);

}  // namespace cuda_gan::cuda
