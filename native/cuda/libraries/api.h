// The part of NVIDIA's libraries that is used, declared anew so that a build needs none of them.
//
// `npm run check:cuda-api` compares every value, size and signature here with NVIDIA's headers. Compared so far: cuBLAS
// 13.1.1 and 12.6.4, which agree in all of this; cuDNN 9.24.
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
  Status (*destroy)(Context*);
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
  DO(destroy, cublasLtDestroy) \
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

// cuDNN's graph API: everything is a descriptor, whose attributes are set one by one before it is finalized.
namespace cudnn {

enum class Status : int { Success = 0 };

enum class DataType : int { Float32 = 0 };

enum class ConvolutionMode : int { CrossCorrelation = 1 };

enum class DescriptorKind : int {
  Convolution = 1,
  Engine = 2,
  EngineConfig = 3,
  EngineHeuristics = 4,
  ExecutionPlan = 5,
  Forward = 10,
  KernelGradient = 11,
  InputGradient = 12,
  OperationGraph = 15,
  VariantPack = 16,
  Tensor = 17,
};

// The type of an attribute's elements.
enum class ElementType : int {
  Handle = 0,           // Context*
  DataType = 1,         // DataType
  Int64 = 3,            // int64_t
  Float32 = 4,          // float
  Pointer = 6,          // void*
  ConvolutionMode = 7,  // ConvolutionMode
  HeuristicMode = 8,    // HeuristicMode
  NumericalNote = 11,   // NumericalNote
  Descriptor = 15,      // Descriptor
  BehaviorNote = 19,    // BehaviorNote
};

enum class AttributeName : int {
  ConvolutionComputeType = 100,
  ConvolutionMode = 101,
  ConvolutionDilations = 102,
  ConvolutionStrides = 103,
  ConvolutionPaddingAfter = 104,
  ConvolutionPaddingBefore = 105,
  ConvolutionDimensions = 106,
  HeuristicsMode = 200,
  HeuristicsGraph = 201,
  HeuristicsResults = 202,
  ConfigEngine = 300,
  PlanHandle = 400,
  PlanConfig = 401,
  PlanWorkspaceBytes = 402,
  ForwardAlpha = 700,
  ForwardBeta = 701,
  ForwardConvolution = 702,
  ForwardKernel = 703,
  ForwardX = 704,
  ForwardY = 705,
  InputGradientAlpha = 706,
  InputGradientBeta = 707,
  InputGradientConvolution = 708,
  InputGradientKernel = 709,
  InputGradientDx = 710,
  InputGradientDy = 711,
  KernelGradientAlpha = 712,
  KernelGradientBeta = 713,
  KernelGradientConvolution = 714,
  KernelGradientDkernel = 715,
  KernelGradientX = 716,
  KernelGradientDy = 717,
  GraphHandle = 800,
  GraphOperations = 801,
  TensorAlignment = 900,
  TensorDataType = 901,
  TensorDimensions = 902,
  TensorStrides = 903,
  TensorId = 906,
  PackIds = 1000,
  PackPointers = 1001,
  PackWorkspace = 1003,
  EngineNumericalNotes = 1303,
  EngineBehaviorNotes = 1305,
};

// What an engine does to numbers.
enum class NumericalNote : int {
  TensorCore = 0,
  DownConvertsInputs = 1,
  ReducedPrecisionReduction = 2,
  Fft = 3,
  Nondeterministic = 4,
  Winograd = 5,
  WinogradTile4x4 = 6,
  WinogradTile6x6 = 7,
  WinogradTile13x13 = 8,
  StrictNanPropagation = 9,
};

enum class BehaviorNote : int { RuntimeCompilation = 0 };

enum class HeuristicMode : int { Fallback = 2, Best = 3 };

struct Context;
using Descriptor = void*;

struct Functions {
  size_t (*getVersion)();
  const char* (*getErrorString)(Status);
  Status (*create)(Context**);
  Status (*destroy)(Context*);
  Status (*setStream)(Context*, cudaStream_t);
  Status (*createDescriptor)(DescriptorKind, Descriptor*);
  Status (*destroyDescriptor)(Descriptor);
  Status (*finalize)(Descriptor);
  Status (*setAttribute)(Descriptor, AttributeName, ElementType, int64_t count, const void* elements);
  Status (*getAttribute)(const Descriptor, AttributeName, ElementType, int64_t wanted, int64_t* count, void* elements);
  Status (*execute)(Context*, Descriptor plan, Descriptor variantPack);
};

#define CUDA_GAN_CUDNN_FUNCTIONS(DO) \
  DO(getVersion, cudnnGetVersion) \
  DO(getErrorString, cudnnGetErrorString) \
  DO(create, cudnnCreate) \
  DO(destroy, cudnnDestroy) \
  DO(setStream, cudnnSetStream) \
  DO(createDescriptor, cudnnBackendCreateDescriptor) \
  DO(destroyDescriptor, cudnnBackendDestroyDescriptor) \
  DO(finalize, cudnnBackendFinalize) \
  DO(setAttribute, cudnnBackendSetAttribute) \
  DO(getAttribute, cudnnBackendGetAttribute) \
  DO(execute, cudnnBackendExecute)

}  // namespace cudnn

}  // namespace cuda_gan::cuda
