// Convolutions by NVIDIA's cuDNN, where that library is found.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "../precision.h"
#include "api.h"

namespace cuda_gan::cuda {

// One of the three convolutions of x [n, height, width, in], a kernel [out, height, width, in / groups] and
// y [n, height, width, out], all float32 in the GPU's memory and without gaps. Which of the three tensors it computes
// from the other two, its kind says. Pairs are vertical and horizontal; the padding is the same on both sides, as the
// library's engines want it.
struct ConvolutionRequest {
  enum class Kind { Forward, InputGradient, KernelGradient };
  using Pair = std::array<int64_t, 2>;
  Kind kind;
  int64_t batch, inputs, outputs, groups;
  Pair inputSize, outputSize, kernelSize, strides, dilations, padding;
  Precision precision;
};

// The library, as it was found for one GPU.
class Cudnn {
 public:
  // The one for the current GPU, whose number is `gpu`; found by the first call and kept for the life of the process.
  // nullptr when the library is not there or does not work with this driver; `reason` then says why, and is empty where
  // there simply is none (whyMissed).
  static const Cudnn* find(int gpu, std::string* reason = nullptr);

  const cudnn::Functions& functions() const { return functions_; }

  // Throws std::runtime_error that names the function and the status, unless that is Success.
  void check(cudnn::Status status, const char* function) const;

  // The library's context for a stream of the current GPU, shared by all who hold it. Throws std::runtime_error.
  std::shared_ptr<cudnn::Context> contextFor(cudaStream_t stream) const;

 private:
  explicit Cudnn(const cudnn::Functions& functions) : functions_(functions) {}

  cudnn::Functions functions_;
};

// That the library has no engine which computes a convolution as it is wanted.
struct NoEngine : std::runtime_error {
  NoEngine() : std::runtime_error("cuDNN has no engine for this convolution") {}
};

// A convolution that is prepared once and then enqueued any number of times. Only engines that give the same bits every
// time are used; tensor cores only where the precision is not Float32; no transforms (Winograd, FFT), whose errors are
// larger than those of sums of products.
class CudnnConvolution {
 public:
  // Throws NoEngine when the library has none for this that needs at most so large a workspace, std::runtime_error when
  // it fails.
  CudnnConvolution(const Cudnn& library, const ConvolutionRequest& request, cudaStream_t stream,
                   size_t mostWorkspaceBytes);
  ~CudnnConvolution();
  CudnnConvolution(CudnnConvolution&&) noexcept;
  CudnnConvolution& operator=(CudnnConvolution&&) noexcept;

  size_t workspaceBytes() const;

  // Says where the tensors lie, at addresses divisible by 16, and the workspace: memory of the GPU that nothing else
  // uses while the convolution runs. Throws std::invalid_argument for other addresses.
  void bind(void* x, void* kernel, void* y, void* workspace);

  // After bind, on the stream. Allocates nothing and waits for nothing, so a stream that is being captured is fine. The
  // first call may load code into the GPU, which a capture may not allow: enqueue once before.
  void enqueue() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cuda_gan::cuda
