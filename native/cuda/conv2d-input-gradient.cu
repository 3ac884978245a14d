// dx[n, i] = Σ dy[n, o] · kernel[k], over the output places o and kernel places k that meet at i, and the channels of the
// group.
#include "core/conv2d.cuh"

namespace cuda_gan::cuda {

namespace {
struct Conv2dInputGradient {
  ConvolvedImages images;
  const float *dy, *kernel;
  float* dx;

  __device__ void operator()(int64_t index) const {
    const ImagePlace at = images.inputPlace(index);
    const int64_t input = at.channel % images.groupInputs();
    const int64_t first = at.channel / images.groupInputs() * images.groupOutputs();
    float sum = 0;
    for (int64_t ky = 0; ky < images.vertical.kernel; ky++) {
      const int64_t oy = images.vertical.outputPlace(at.row, ky);
      for (int64_t kx = 0; oy >= 0 && kx < images.horizontal.kernel; kx++) {
        const int64_t ox = images.horizontal.outputPlace(at.column, kx);
        if (ox < 0) continue;
        const float* from = dy + images.outputIndex(at.image, oy, ox, first);
        const float* weights = kernel + images.kernelIndex(ky, kx, input, first);
        for (int64_t o = 0; o < images.groupOutputs(); o++) sum = fmaf(from[o], weights[o], sum);
      }
    }
    dx[index] = sum;
  }
};
}  // namespace

Kernel conv2dInputGradient(const Instruction& op, const Context&) {
  const Tensor &dy = op.inputs[0], &dx = op.outputs[0];
  return forEach(dx.size(), Conv2dInputGradient{convolvedImagesOf(op.attributes, dx.shape[3], dy.shape[3]), dy.floats(),
                                                op.inputs[1].floats(), dx.floats()});
}

}  // namespace cuda_gan::cuda
