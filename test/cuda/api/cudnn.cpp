// cuDNN as declared in native/cuda/libraries/api.h, against NVIDIA's header.
#include <cudnn.h>

#include "compare.h"

using namespace cuda_gan::cuda;

ENUMERATION(cudnn::Status, cudnnStatus_t)
VALUE(cudnn::Status::Success, CUDNN_STATUS_SUCCESS)

ENUMERATION(cudnn::DataType, cudnnDataType_t)
VALUE(cudnn::DataType::Float32, CUDNN_DATA_FLOAT)

ENUMERATION(cudnn::ConvolutionMode, cudnnConvolutionMode_t)
VALUE(cudnn::ConvolutionMode::CrossCorrelation, CUDNN_CROSS_CORRELATION)

ENUMERATION(cudnn::DescriptorKind, cudnnBackendDescriptorType_t)
VALUE(cudnn::DescriptorKind::Convolution, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::Engine, CUDNN_BACKEND_ENGINE_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::EngineConfig, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::EngineHeuristics, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::ExecutionPlan, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::Forward, CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::KernelGradient, CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::InputGradient, CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::OperationGraph, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::VariantPack, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
VALUE(cudnn::DescriptorKind::Tensor, CUDNN_BACKEND_TENSOR_DESCRIPTOR)

ENUMERATION(cudnn::ElementType, cudnnBackendAttributeType_t)
VALUE(cudnn::ElementType::Handle, CUDNN_TYPE_HANDLE)
VALUE(cudnn::ElementType::DataType, CUDNN_TYPE_DATA_TYPE)
VALUE(cudnn::ElementType::Int64, CUDNN_TYPE_INT64)
VALUE(cudnn::ElementType::Float32, CUDNN_TYPE_FLOAT)
VALUE(cudnn::ElementType::Pointer, CUDNN_TYPE_VOID_PTR)
VALUE(cudnn::ElementType::ConvolutionMode, CUDNN_TYPE_CONVOLUTION_MODE)
VALUE(cudnn::ElementType::HeuristicMode, CUDNN_TYPE_HEUR_MODE)
VALUE(cudnn::ElementType::NumericalNote, CUDNN_TYPE_NUMERICAL_NOTE)
VALUE(cudnn::ElementType::Descriptor, CUDNN_TYPE_BACKEND_DESCRIPTOR)
VALUE(cudnn::ElementType::BehaviorNote, CUDNN_TYPE_BEHAVIOR_NOTE)

ENUMERATION(cudnn::AttributeName, cudnnBackendAttributeName_t)
VALUE(cudnn::AttributeName::ConvolutionComputeType, CUDNN_ATTR_CONVOLUTION_COMP_TYPE)
VALUE(cudnn::AttributeName::ConvolutionMode, CUDNN_ATTR_CONVOLUTION_CONV_MODE)
VALUE(cudnn::AttributeName::ConvolutionDilations, CUDNN_ATTR_CONVOLUTION_DILATIONS)
VALUE(cudnn::AttributeName::ConvolutionStrides, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES)
VALUE(cudnn::AttributeName::ConvolutionPaddingAfter, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS)
VALUE(cudnn::AttributeName::ConvolutionPaddingBefore, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS)
VALUE(cudnn::AttributeName::ConvolutionDimensions, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS)
VALUE(cudnn::AttributeName::HeuristicsMode, CUDNN_ATTR_ENGINEHEUR_MODE)
VALUE(cudnn::AttributeName::HeuristicsGraph, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH)
VALUE(cudnn::AttributeName::HeuristicsResults, CUDNN_ATTR_ENGINEHEUR_RESULTS)
VALUE(cudnn::AttributeName::ConfigEngine, CUDNN_ATTR_ENGINECFG_ENGINE)
VALUE(cudnn::AttributeName::PlanHandle, CUDNN_ATTR_EXECUTION_PLAN_HANDLE)
VALUE(cudnn::AttributeName::PlanConfig, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)
VALUE(cudnn::AttributeName::PlanWorkspaceBytes, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE)
VALUE(cudnn::AttributeName::ForwardAlpha, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA)
VALUE(cudnn::AttributeName::ForwardBeta, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA)
VALUE(cudnn::AttributeName::ForwardConvolution, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC)
VALUE(cudnn::AttributeName::ForwardKernel, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W)
VALUE(cudnn::AttributeName::ForwardX, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X)
VALUE(cudnn::AttributeName::ForwardY, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y)
VALUE(cudnn::AttributeName::InputGradientAlpha, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA)
VALUE(cudnn::AttributeName::InputGradientBeta, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA)
VALUE(cudnn::AttributeName::InputGradientConvolution, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC)
VALUE(cudnn::AttributeName::InputGradientKernel, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W)
VALUE(cudnn::AttributeName::InputGradientDx, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX)
VALUE(cudnn::AttributeName::InputGradientDy, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY)
VALUE(cudnn::AttributeName::KernelGradientAlpha, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA)
VALUE(cudnn::AttributeName::KernelGradientBeta, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA)
VALUE(cudnn::AttributeName::KernelGradientConvolution, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC)
VALUE(cudnn::AttributeName::KernelGradientDkernel, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW)
VALUE(cudnn::AttributeName::KernelGradientX, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X)
VALUE(cudnn::AttributeName::KernelGradientDy, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY)
VALUE(cudnn::AttributeName::GraphHandle, CUDNN_ATTR_OPERATIONGRAPH_HANDLE)
VALUE(cudnn::AttributeName::GraphOperations, CUDNN_ATTR_OPERATIONGRAPH_OPS)
VALUE(cudnn::AttributeName::TensorAlignment, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT)
VALUE(cudnn::AttributeName::TensorDataType, CUDNN_ATTR_TENSOR_DATA_TYPE)
VALUE(cudnn::AttributeName::TensorDimensions, CUDNN_ATTR_TENSOR_DIMENSIONS)
VALUE(cudnn::AttributeName::TensorStrides, CUDNN_ATTR_TENSOR_STRIDES)
VALUE(cudnn::AttributeName::TensorId, CUDNN_ATTR_TENSOR_UNIQUE_ID)
VALUE(cudnn::AttributeName::PackIds, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS)
VALUE(cudnn::AttributeName::PackPointers, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS)
VALUE(cudnn::AttributeName::PackWorkspace, CUDNN_ATTR_VARIANT_PACK_WORKSPACE)
VALUE(cudnn::AttributeName::EngineNumericalNotes, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE)
VALUE(cudnn::AttributeName::EngineBehaviorNotes, CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE)

ENUMERATION(cudnn::NumericalNote, cudnnBackendNumericalNote_t)
VALUE(cudnn::NumericalNote::TensorCore, CUDNN_NUMERICAL_NOTE_TENSOR_CORE)
VALUE(cudnn::NumericalNote::DownConvertsInputs, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS)
VALUE(cudnn::NumericalNote::ReducedPrecisionReduction, CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION)
VALUE(cudnn::NumericalNote::Fft, CUDNN_NUMERICAL_NOTE_FFT)
VALUE(cudnn::NumericalNote::Nondeterministic, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)
VALUE(cudnn::NumericalNote::Winograd, CUDNN_NUMERICAL_NOTE_WINOGRAD)
VALUE(cudnn::NumericalNote::WinogradTile4x4, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_4x4)
VALUE(cudnn::NumericalNote::WinogradTile6x6, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6)
VALUE(cudnn::NumericalNote::WinogradTile13x13, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13)
VALUE(cudnn::NumericalNote::StrictNanPropagation, CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP)

ENUMERATION(cudnn::BehaviorNote, cudnnBackendBehaviorNote_t)
VALUE(cudnn::BehaviorNote::RuntimeCompilation, CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION)

ENUMERATION(cudnn::HeuristicMode, cudnnBackendHeurMode_t)
VALUE(cudnn::HeuristicMode::Fallback, CUDNN_HEUR_MODE_FALLBACK)
VALUE(cudnn::HeuristicMode::Best, CUDNN_HEUR_MODE_A)

OPAQUE(cudnn::Context, std::remove_pointer_t<cudnnHandle_t>)
static_assert(std::is_same_v<cudnn::Descriptor, cudnnBackendDescriptor_t>);

#define COMPARE_FUNCTION(member, name) FUNCTION(decltype(cudnn::Functions::member), name)
CUDA_GAN_CUDNN_FUNCTIONS(COMPARE_FUNCTION)

// The list of functions leaves no member out.
#define ONE_MORE(member, name) +1
static_assert(sizeof(cudnn::Functions) == sizeof(void (*)()) * (0 CUDA_GAN_CUDNN_FUNCTIONS(ONE_MORE)));

// search.cpp reads the version as three decimal parts.
VALUE(CUDNN_MAJOR * 10000 + CUDNN_MINOR * 100 + CUDNN_PATCHLEVEL, CUDNN_VERSION)
