// cuDNN as declared in native/cuda/libraries/api.h, against NVIDIA's header.
#include <cudnn.h>

#include "compare.h"

using namespace cuda_gan::cuda;

FUNCTION(cudnn::GetVersion, cudnnGetVersion)

// search.cpp reads the version as three decimal parts.
VALUE(CUDNN_MAJOR * 10000 + CUDNN_MINOR * 100 + CUDNN_PATCHLEVEL, CUDNN_VERSION)
