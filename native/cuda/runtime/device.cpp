#include "../device.h"

#include <cuda_runtime_api.h>

#include "../../errors.h"
#include "check.h"
#include "executable.h"
#include "memory.h"

// CMakeLists.txt: the lowest compute capability that this build has code for, as 10 · major + minor.
#ifndef CUDA_GAN_LOWEST_ARCHITECTURE
#error "compile with -DCUDA_GAN_LOWEST_ARCHITECTURE=<number>"
#endif

namespace cuda_gan::cuda {

namespace {

// 13000 → 13.0
std::string versionOf(int number) { return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10); }

std::string driverVersion() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess && version > 0 ? versionOf(version) : "";
}

std::string runtimeVersion() {
  int version = 0;
  return cudaRuntimeGetVersion(&version) == cudaSuccess ? versionOf(version) : "";
}

std::string computeCapability(const cudaDeviceProp& gpu) { return std::to_string(gpu.major) + "." + std::to_string(gpu.minor); }

class CudaDevice : public Device {
 public:
  explicit CudaDevice(Precision precision) : precision_(precision) {
    useGpu();
    copies_ = createStream();
    check(cudaGetDeviceProperties(&gpu_, 0), "cudaGetDeviceProperties");
  }

  std::string description() const override {
    static const char* const suffixes[] = {"", ", TF32", ", BFloat16"};
    return std::string(gpu_.name) + ", compute capability " + computeCapability(gpu_) + suffixes[static_cast<int>(precision_)];
  }
  int threads() const override { return 1; }
  std::shared_ptr<Buffer> allocate(size_t bytes) override {
    useGpu();
    return std::make_shared<DeviceBuffer>(bytes, copies_);
  }
  std::unique_ptr<Executable> compile(const Program& program, std::vector<std::shared_ptr<Buffer>> variables) override {
    useGpu();
    return std::make_unique<CudaExecutable>(program, std::move(variables), precision_);
  }

 private:
  Precision precision_;
  cudaDeviceProp gpu_;
  std::shared_ptr<CUstream_st> copies_;  // shared with the buffers, which may outlive the device
};

}  // namespace

std::string missing() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  ignore(cudaGetLastError());
  const std::string driver = driverVersion();
  if (status == cudaErrorInsufficientDriver || driver.empty()) {
    return driver.empty()
               ? "no NVIDIA driver was found (libcuda.so.1); on a machine with an NVIDIA GPU, install the driver"
               : "the NVIDIA driver supports CUDA " + driver + ", this build needs " + runtimeVersion() + "; update the driver";
  }
  if (status == cudaErrorNoDevice || (status == cudaSuccess && devices == 0)) {
    return "the driver sees no NVIDIA GPU; look at nvidia-smi, and at CUDA_VISIBLE_DEVICES, which may hide it";
  }
  if (status != cudaSuccess) {
    return std::string("the driver answers ") + cudaGetErrorName(status) + " (" + cudaGetErrorString(status) + "); look at nvidia-smi";
  }
  cudaDeviceProp gpu;
  if (cudaGetDeviceProperties(&gpu, 0) == cudaSuccess && gpu.major * 10 + gpu.minor < CUDA_GAN_LOWEST_ARCHITECTURE) {
    constexpr int lowest = CUDA_GAN_LOWEST_ARCHITECTURE;
    return std::string(gpu.name) + " has compute capability " + std::to_string(gpu.major) + "." + std::to_string(gpu.minor) +
           ", this build needs " + std::to_string(lowest / 10) + "." + std::to_string(lowest % 10) + " or more";
  }
  return "";
}

Report report() {
  Report report;
  report.driverVersion = driverVersion();
  report.runtimeVersion = runtimeVersion();
  cudaDeviceProp gpu;
  if (missing().empty() && cudaGetDeviceProperties(&gpu, 0) == cudaSuccess) {
    report.gpu = gpu.name;
    report.computeCapability = computeCapability(gpu);
    report.memoryBytes = gpu.totalGlobalMem;
  }
  report.libraries = libraryReports();
  return report;
}

std::unique_ptr<Device> createDevice(Precision precision) {
  const std::string reason = missing();
  if (!reason.empty()) throw CodedError("CUDA_GAN_NO_DEVICE", "cuda is not available: " + reason);
  return std::make_unique<CudaDevice>(precision);
}

}  // namespace cuda_gan::cuda
