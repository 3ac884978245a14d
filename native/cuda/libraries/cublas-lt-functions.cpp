#include "cublas-lt-functions.h"

#include <dlfcn.h>

namespace cuda_gan::cuda {

const char* loadFunctions(void* library, cublas_lt::Functions& functions) {
#define CUDA_GAN_LOAD(member, name) \
  functions.member = reinterpret_cast<decltype(functions.member)>(dlsym(library, #name)); \
  if (!functions.member) return #name;
  CUDA_GAN_CUBLAS_LT_FUNCTIONS(CUDA_GAN_LOAD)
#undef CUDA_GAN_LOAD
  return nullptr;
}

}  // namespace cuda_gan::cuda
