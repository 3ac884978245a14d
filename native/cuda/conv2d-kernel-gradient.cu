// dkernel[k] = Σ x[n, o · stride - padding + k · dilation] · dy[n, o], over all images and output places: a warp for each
// element.
#include "core/conv2d.cuh"
#include "core/rows.cuh"

namespace cuda_gan::cuda {

namespace {
struct Conv2dKernelGradient {
  ConvolvedImages images;
  const float *x, *dy;
  float* dkernel;
  int64_t batch;

  __device__ void operator()(int64_t index, int lane) const {
    const int64_t output = index % images.outputs, row = index / images.outputs;
    const int64_t input = row % images.groupInputs() + output / images.groupOutputs() * images.groupInputs();
    const int64_t kx = row / images.groupInputs() % images.horizontal.kernel;
    const int64_t ky = row / images.groupInputs() / images.horizontal.kernel;
    const int64_t width = images.horizontal.output, places = images.vertical.output * width;
    const float sum = sumOfRow(batch * places, lane, [&](int64_t place) {
      const int64_t image = place / places, oy = place % places / width, ox = place % width;
      const int64_t iy = images.vertical.inputPlace(oy, ky), ix = images.horizontal.inputPlace(ox, kx);
      if (!images.vertical.hasInput(iy) || !images.horizontal.hasInput(ix)) return 0.0f;
      return x[images.inputIndex(image, iy, ix, input)] * dy[place * images.outputs + output];
    });
    if (lane == 0) dkernel[index] = sum;
  }
};
}  // namespace

Kernel conv2dKernelGradient(const Instruction& op, const Context&) {
  const Tensor &x = op.inputs[0], &dy = op.inputs[1], &dkernel = op.outputs[0];
  return forEachRow(dkernel.size(), Conv2dKernelGradient{convolvedImagesOf(op.attributes, x.shape[3], dy.shape[3]),
                                                         x.floats(), dy.floats(), dkernel.floats(), x.shape[0]});
}

}  // namespace cuda_gan::cuda
