#include "convolution.h"

#include <algorithm>
#include <stdexcept>

#include "../../errors.h"
#include "../runtime/check.h"

namespace cuda_gan::cuda {

namespace {

// What the library may use for a convolution.
constexpr size_t mostWorkspaceBytes = 64 << 20;
// Below so many products a convolution takes but a few microseconds, and more launches would make it slower.
constexpr int64_t fewProducts = 1 << 22;
// Other numbers of channels, as images have, the library first copies into another order; that takes longer than our own
// convolution.
constexpr int64_t channelsAtATime = 4;

void enqueueConvolution(const std::vector<const Launch*>& launches, cudaStream_t) {
  static_cast<const CudnnConvolution*>(launches.front()->body.get())->enqueue();
}

// Zeros at the end of an axis, after which as many at its beginning and its end make up the padding.
int64_t zerosOf(const ConvAxis& axis) {
  const int64_t end = axis.inputPlace(axis.output - 1, axis.kernel - 1) + 1;  // what the last window sees
  return std::max<int64_t>(end - axis.input - axis.padding, 0);
}

// With as much padding on both sides, the library must find the same places of the output.
bool isSymmetric(const ConvAxis& axis) {
  const int64_t reach = (axis.kernel - 1) * axis.dilation + 1;
  return (axis.input + zerosOf(axis) + 2 * axis.padding - reach) / axis.stride + 1 == axis.output;
}

ConvolutionRequest requestOf(ConvolutionRequest::Kind kind, const Conv2dTensors& conv, Precision precision) {
  const auto& [vertical, horizontal, groups] = conv.geometry;
  return {kind,
          conv.batch,
          conv.inputs,
          conv.outputs,
          groups,
          {vertical.input + zerosOf(vertical), horizontal.input + zerosOf(horizontal)},
          {vertical.output, horizontal.output},
          {vertical.kernel, horizontal.kernel},
          {vertical.stride, horizontal.stride},
          {vertical.dilation, horizontal.dilation},
          {vertical.padding, horizontal.padding},
          precision};
}

}  // namespace

std::optional<LibraryConvolution> libraryConvolution(ConvolutionRequest::Kind kind, const Conv2dTensors& conv,
                                                     const float* x, const std::function<float*()>& kernel, const float* y,
                                                     const Context& context) {
  const auto& [vertical, horizontal, groups] = conv.geometry;
  if (context.precision == Precision::Float32 || conv.products() < fewProducts) return {};
  if (conv.groupInputs() % channelsAtATime != 0 || conv.groupOutputs() % channelsAtATime != 0) return {};
  if (!isSymmetric(vertical) || !isSymmetric(horizontal)) return {};
  std::string reason;
  const Cudnn* library = Cudnn::find(currentGpu(), &reason);
  const auto ownKernels = [&](const std::string& why) -> std::optional<LibraryConvolution> {
    context.remark("cuDNN fails, so the package's own kernels compute convolutions: " + why);
    return {};
  };
  if (library == nullptr) return reason.empty() ? std::nullopt : ownKernels(reason);
  try {
    const ConvolutionRequest request = requestOf(kind, conv, context.precision);
    const auto plan = std::make_shared<CudnnConvolution>(*library, request, context.stream, mostWorkspaceBytes);
    const auto memoryFor = [&](int64_t elements) {
      return static_cast<float*>(context.workspace(static_cast<size_t>(elements) * sizeof(float)));
    };
    LibraryConvolution made{{{enqueueConvolution, 1, 1, plan}}, const_cast<float*>(x), nullptr, const_cast<float*>(y),
                            {conv.batch, request.inputSize[0], request.inputSize[1], conv.inputs}};
    if (x == nullptr || zerosOf(vertical) + zerosOf(horizontal) > 0) {
      const Tensor padded{nullptr, made.shapeOfX, DType::Float32};
      made.x = memoryFor(padded.size());
      check(cudaMemsetAsync(made.x, 0, padded.byteSize(), context.stream), "cudaMemsetAsync");
    }
    if (made.y == nullptr) made.y = memoryFor(conv.outputRows() * conv.outputs);
    made.kernel = kernel();
    const size_t bytes = plan->workspaceBytes();
    plan->bind(made.x, made.kernel, made.y, bytes == 0 ? nullptr : context.workspace(bytes));
    // The library loads its code at the first call, which may not be under capture. Nothing is in the result yet that
    // would be lost.
    plan->enqueue();
    awaitFirstCall(context.stream, "cuDNN");
    return made;
  } catch (const CodedError&) {
    throw;
  } catch (const NoEngine&) {
    return {};
  } catch (const std::exception& error) {
    return ownKernels(error.what());
  }
}

}  // namespace cuda_gan::cuda
