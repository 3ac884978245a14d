// y[n, o] = Σ x[n, o · stride - padding + k · dilation] · kernel[k], over the places of the kernel and the channels of the
// group.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct Convolution {
  ConvolvedImages images;
  const float *x, *kernel;
  float* y;

  __device__ void operator()(int64_t index) const {
    const ImagePlace at = images.outputPlace(index);
    const int64_t first = at.channel / images.groupOutputs() * images.groupInputs();
    float sum = 0;
    for (int64_t ky = 0; ky < images.vertical.kernel; ky++) {
      const int64_t iy = images.vertical.inputPlace(at.row, ky);
      if (!images.vertical.hasInput(iy)) continue;
      for (int64_t kx = 0; kx < images.horizontal.kernel; kx++) {
        const int64_t ix = images.horizontal.inputPlace(at.column, kx);
        if (!images.horizontal.hasInput(ix)) continue;
        const float* from = x + images.inputIndex(at.image, iy, ix, first);
        for (int64_t i = 0; i < images.groupInputs(); i++)
          sum = fmaf(from[i], kernel[images.kernelIndex(ky, kx, i, at.channel)], sum);
      }
    }
    y[index] = sum;
  }
};
}  // namespace

Kernel conv2d(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &y = op.outputs[0];
  return forEach(y.size(), Convolution{convolvedImagesOf(op.attributes, x.shape[3], y.shape[3]), x.floats(),
                                       op.inputs[1].floats(), y.floats()});
}

}  // namespace cuda_gan::cuda
