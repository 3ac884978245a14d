// cuBLASLt as declared in native/cuda/libraries/api.h, against NVIDIA's header.
#include <cublasLt.h>

#include "compare.h"

using namespace cuda_gan::cuda::cublas_lt;

ENUMERATION(Status, cublasStatus_t)
VALUE(Status::Success, CUBLAS_STATUS_SUCCESS)
VALUE(Status::NotInitialized, CUBLAS_STATUS_NOT_INITIALIZED)
VALUE(Status::InvalidValue, CUBLAS_STATUS_INVALID_VALUE)
VALUE(Status::NotSupported, CUBLAS_STATUS_NOT_SUPPORTED)

ENUMERATION(DataType, cudaDataType)
VALUE(DataType::Float32, CUDA_R_32F)

ENUMERATION(ComputeType, cublasComputeType_t)
VALUE(ComputeType::Float32, CUBLAS_COMPUTE_32F)
VALUE(ComputeType::FastBFloat16, CUBLAS_COMPUTE_32F_FAST_16BF)
VALUE(ComputeType::FastTf32, CUBLAS_COMPUTE_32F_FAST_TF32)

ENUMERATION(Operation, cublasOperation_t)
VALUE(Operation::None, CUBLAS_OP_N)
VALUE(Operation::Transpose, CUBLAS_OP_T)

ENUMERATION(Epilogue, cublasLtEpilogue_t)
VALUE(Epilogue::Default, CUBLASLT_EPILOGUE_DEFAULT)
VALUE(Epilogue::Relu, CUBLASLT_EPILOGUE_RELU)
VALUE(Epilogue::Bias, CUBLASLT_EPILOGUE_BIAS)
VALUE(Epilogue::ReluBias, CUBLASLT_EPILOGUE_RELU_BIAS)

ENUMERATION(ProductAttribute, cublasLtMatmulDescAttributes_t)
VALUE(ProductAttribute::TransposeA, CUBLASLT_MATMUL_DESC_TRANSA)
VALUE(ProductAttribute::TransposeB, CUBLASLT_MATMUL_DESC_TRANSB)
VALUE(ProductAttribute::Epilogue, CUBLASLT_MATMUL_DESC_EPILOGUE)
VALUE(ProductAttribute::BiasPointer, CUBLASLT_MATMUL_DESC_BIAS_POINTER)

ENUMERATION(PreferenceAttribute, cublasLtMatmulPreferenceAttributes_t)
VALUE(PreferenceAttribute::MaxWorkspaceBytes, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
VALUE(PreferenceAttribute::MinAlignmentBytesA, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES)
VALUE(PreferenceAttribute::MinAlignmentBytesB, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES)
VALUE(PreferenceAttribute::MinAlignmentBytesC, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES)
VALUE(PreferenceAttribute::MinAlignmentBytesD, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES)

OPAQUE(Context, std::remove_pointer_t<cublasLtHandle_t>)
OPAQUE(Product, std::remove_pointer_t<cublasLtMatmulDesc_t>)
OPAQUE(Layout, std::remove_pointer_t<cublasLtMatrixLayout_t>)
OPAQUE(Preference, std::remove_pointer_t<cublasLtMatmulPreference_t>)

STRUCT(Algorithm, cublasLtMatmulAlgo_t)
MEMBER(Algorithm, cublasLtMatmulAlgo_t, data, data)

STRUCT(Heuristic, cublasLtMatmulHeuristicResult_t)
MEMBER(Heuristic, cublasLtMatmulHeuristicResult_t, algorithm, algo)
MEMBER(Heuristic, cublasLtMatmulHeuristicResult_t, workspaceBytes, workspaceSize)
MEMBER(Heuristic, cublasLtMatmulHeuristicResult_t, state, state)
MEMBER(Heuristic, cublasLtMatmulHeuristicResult_t, waves, wavesCount)
MEMBER(Heuristic, cublasLtMatmulHeuristicResult_t, reserved, reserved)

#define COMPARE_FUNCTION(member, name) FUNCTION(decltype(Functions::member), name)
CUDA_GAN_CUBLAS_LT_FUNCTIONS(COMPARE_FUNCTION)

// The list of functions leaves no member out.
#define ONE_MORE(member, name) +1
static_assert(sizeof(Functions) == sizeof(void (*)()) * (0 CUDA_GAN_CUBLAS_LT_FUNCTIONS(ONE_MORE)));

// search.cpp reads the version as three decimal parts.
VALUE(CUBLAS_VER_MAJOR * 10000 + CUBLAS_VER_MINOR * 100 + CUBLAS_VER_PATCH, CUBLAS_VERSION)
