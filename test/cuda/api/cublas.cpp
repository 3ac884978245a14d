// cuBLAS as declared in native/cuda/libraries/api.h, against NVIDIA's header.
#include <cublas_v2.h>

#include "compare.h"

using namespace cuda_gan::cuda;

ENUMERATION(cublas::Status, cublasStatus_t)
VALUE(cublas::Status::Success, CUBLAS_STATUS_SUCCESS)

ENUMERATION(LibraryProperty, libraryPropertyType)
VALUE(LibraryProperty::Major, MAJOR_VERSION)
VALUE(LibraryProperty::Minor, MINOR_VERSION)
VALUE(LibraryProperty::Patch, PATCH_LEVEL)

FUNCTION(cublas::GetProperty, cublasGetProperty)
