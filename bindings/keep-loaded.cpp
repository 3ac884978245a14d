#include "keep-loaded.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace cuda_gan::bindings {

namespace {
const char here = 0;  // an address within this library
}

#if defined(_WIN32)
void keepLoaded() {
  HMODULE library;
  GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, &here, &library);
}
#else
void keepLoaded() {
  Dl_info library;
  if (dladdr(&here, &library) != 0) dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}
#endif

}  // namespace cuda_gan::bindings
