// Convolutions by cuDNN, as the kernels of this device ask for them.
#pragma once
#include <optional>

#include "../../program/conv2d.h"
#include "../kernel.h"
#include "../libraries/cudnn.h"

namespace cuda_gan::cuda {

// A convolution of x [n, height, width, in] by kernel [height, width, in / groups, out] to y [n, height, width, out].
struct Conv2dTensors {
  Conv2d geometry;
  int64_t batch, inputs, outputs;

  int64_t groupInputs() const { return inputs / geometry.groups; }
  int64_t groupOutputs() const { return outputs / geometry.groups; }
  int64_t kernelRows() const { return geometry.kernelPlaces() * groupInputs(); }
  int64_t outputRows() const { return batch * geometry.outputPlaces(); }
  int64_t products() const { return outputRows() * kernelRows() * outputs; }
};

inline Conv2dTensors conv2dTensorsOf(const Attributes& attributes, const Tensor& x, const Tensor& y) {
  return {conv2dOf(attributes), x.shape[0], x.shape[3], y.shape[3]};
}

// A convolution by cuDNN, and where its tensors lie. The kernel is in the library's order, [out, height, width, in /
// groups]. Where the padding is not the same on both sides, x has rows and columns of zeros at its ends that make it
// so.
struct LibraryConvolution {
  Kernel launches;
  float *x, *kernel, *y;
  std::vector<int64_t> shapeOfX;
};

// The one of that kind. Tensors that are null get memory of their own, and so does x where it needs zeros; `kernel` says where
// that is. Nothing where the library was not found, fails, or is not worth while: in float32, its engines without tensor
// cores take six times as long as this device's own kernels (DCGAN steps on an H200, cuDNN 9.14).
std::optional<LibraryConvolution> libraryConvolution(ConvolutionRequest::Kind kind, const Conv2dTensors& conv,
                                                     const float* x, const std::function<float*()>& kernel, const float* y,
                                                     const Context& context);

}  // namespace cuda_gan::cuda
