// Stands in for native/cuda/ where that is not built.
#include "../cuda/device.h"

#include "../errors.h"

namespace cuda_gan::cuda {

int gpuCount() { return 0; }

std::string missing(int) {
#if defined(_WIN32)
  return "there is no cuda device for Windows; the Windows Subsystem for Linux (WSL 2) is Linux, for which there is one";
#elif defined(__APPLE__)
  return "CUDA does not exist on macOS";
#else
  return "this build was made without CUDA; build it again where nvcc, of NVIDIA's CUDA toolkit, is on the PATH";
#endif
}

Report report(int) { return {}; }

std::unique_ptr<Device> createDevice(int gpu, const Settings&) { throw CodedError("CUDA_GAN_NO_DEVICE", missing(gpu)); }

}  // namespace cuda_gan::cuda
