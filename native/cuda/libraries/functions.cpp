#include "functions.h"

#include <dlfcn.h>

namespace cuda_gan::cuda {

#define CUDA_GAN_LOAD(member, name) \
  functions.member = reinterpret_cast<decltype(functions.member)>(dlsym(library, #name)); \
  if (!functions.member) return #name;

const char* loadFunctions(void* library, cublas_lt::Functions& functions) {
  CUDA_GAN_CUBLAS_LT_FUNCTIONS(CUDA_GAN_LOAD)
  return nullptr;
}

const char* loadFunctions(void* library, cudnn::Functions& functions) {
  CUDA_GAN_CUDNN_FUNCTIONS(CUDA_GAN_LOAD)
  return nullptr;
}

#undef CUDA_GAN_LOAD

}  // namespace cuda_gan::cuda
