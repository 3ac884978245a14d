// The part of NVIDIA's libraries that is used, declared anew so that a build needs none of them.
//
// `npm run check:cuda-api` compares every value, size and signature here with NVIDIA's headers. Compared so far: cuBLAS
// 13.1.1 and 12.6.4, which agree in all of this; cuDNN 9.24 and 9.6.
#pragma once
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

namespace cuda_gan::cuda {

// What cublasGetProperty can be asked.
enum class LibraryProperty : int { Major = 0, Minor = 1, Patch = 2 };

namespace cublas_lt {

enum class Status : int {
  Success = 0,
  NotInitialized = 1,
  InvalidValue = 7,
  NotSupported = 15,
};

enum class DataType : int { Float32 = 0 };

enum class ComputeType : int {
  Float32 = 68,
  FastBFloat16 = 75,
  FastTf32 = 77,
};

enum class Operation : int32_t { None = 0, Transpose = 1 };

enum class Epilogue : uint32_t {
  Default = 1,
  Relu = 2,
  Bias = 4,
  ReluBias = 6,
};

// Attributes of a product, with the type of their value.
enum class ProductAttribute : int {
  TransposeA = 3,   // Operation
  TransposeB = 4,   // Operation
  Epilogue = 7,     // Epilogue
  BiasPointer = 8,  // const void*
};

// Attributes of a search for an algorithm, with the type of their value.
enum class PreferenceAttribute : int {
  MaxWorkspaceBytes = 1,   // uint64_t
  MinAlignmentBytesA = 5,  // uint32_t
  MinAlignmentBytesB = 6,  // uint32_t
  MinAlignmentBytesC = 7,  // uint32_t
  MinAlignmentBytesD = 8,  // uint32_t
};

struct Context;
struct Product;
struct Layout;
struct Preference;

struct Algorithm {
  uint64_t data[8];
};

struct Heuristic {
  Algorithm algorithm;
  size_t workspaceBytes;
  Status state;
  float waves;
  int reserved[4];
};

struct Functions {
  size_t (*getVersion)();
  const char* (*getStatusName)(Status);
  const char* (*getStatusString)(Status);
  Status (*create)(Context**);
  Status (*productCreate)(Product**, ComputeType, DataType scale);
  Status (*productDestroy)(Product*);
  Status (*productSetAttribute)(Product*, ProductAttribute, const void* value, size_t bytes);
  Status (*layoutCreate)(Layout**, DataType, uint64_t rows, uint64_t columns, int64_t leadingDimension);
  Status (*layoutDestroy)(Layout*);
  Status (*preferenceCreate)(Preference**);
  Status (*preferenceDestroy)(Preference*);
  Status (*preferenceSetAttribute)(Preference*, PreferenceAttribute, const void* value, size_t bytes);
  Status (*getHeuristic)(Context*, Product*, Layout* a, Layout* b, Layout* c, Layout* d, Preference*, int wanted,
                         Heuristic* found, int* count);
  Status (*multiply)(Context*, Product*, const void* alpha, const void* a, Layout*, const void* b, Layout*,
                     const void* beta, const void* c, Layout*, void* d, Layout*, const Algorithm*, void* workspace,
                     size_t workspaceBytes, cudaStream_t);
};

// Members of Functions and the functions of the library, for code that goes through all of them.
#define CUDA_GAN_CUBLAS_LT_FUNCTIONS(DO) \
  DO(getVersion, cublasLtGetVersion) \
  DO(getStatusName, cublasLtGetStatusName) \
  DO(getStatusString, cublasLtGetStatusString) \
  DO(create, cublasLtCreate) \
  DO(productCreate, cublasLtMatmulDescCreate) \
  DO(productDestroy, cublasLtMatmulDescDestroy) \
  DO(productSetAttribute, cublasLtMatmulDescSetAttribute) \
  DO(layoutCreate, cublasLtMatrixLayoutCreate) \
  DO(layoutDestroy, cublasLtMatrixLayoutDestroy) \
  DO(preferenceCreate, cublasLtMatmulPreferenceCreate) \
  DO(preferenceDestroy, cublasLtMatmulPreferenceDestroy) \
  DO(preferenceSetAttribute, cublasLtMatmulPreferenceSetAttribute) \
  DO(getHeuristic, cublasLtMatmulAlgoGetHeuristic) \
  DO(multiply, cublasLtMatmul)

}  // namespace cublas_lt

namespace cublas {
using Status = cublas_lt::Status;
using GetProperty = Status (*)(LibraryProperty, int* value);
}  // namespace cublas

namespace cudnn {
using GetVersion = size_t (*)();
}  // namespace cudnn

}  // namespace cuda_gan::cuda
