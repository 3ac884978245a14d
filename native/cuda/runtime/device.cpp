#include "../device.h"

#include <cuda_runtime_api.h>

#include <cstdlib>

#include "../../errors.h"
#include "check.h"
#include "executable.h"
#include "memory.h"
#include "record.h"

// cmake/cuda-architectures.cmake: the compute capabilities that this build has code for, in words.
#ifndef CUDA_GAN_CODE_FOR
#error "compile with -DCUDA_GAN_CODE_FOR=\"8.0 and newer\""
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

std::string noSuchGpu(int gpu, int devices) {
  const std::string shown = devices == 1 ? "1 GPU, number 0" : std::to_string(devices) + " GPUs, numbers 0 to " + std::to_string(devices - 1);
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  const std::string hidden = visible ? "; CUDA_VISIBLE_DEVICES, which is \"" + std::string(visible) + "\", may hide others" : "";
  return "there is no GPU number " + std::to_string(gpu) + ": the driver shows " + shown + hidden;
}

// Whether this build has code that the GPU can run, and whether it lets this process compute, only the GPU itself knows.
std::string whyItCannotCompute(int gpu) {
  try {
    useGpu(gpu);
    const cudaError_t answer = askForKernel();
    cudaDeviceProp properties;
    if (isWithoutCode(answer) && cudaGetDeviceProperties(&properties, gpu) == cudaSuccess) {
      ignore(cudaGetLastError());
      return std::string(properties.name) + " has compute capability " + computeCapability(properties) +
             ", this build has code for " CUDA_GAN_CODE_FOR;
    }
    check(answer, "cudaFuncGetAttributes");
    return "";
  } catch (const CodedError& error) {
    return error.what();
  }
}

class CudaDevice : public Device {
 public:
  CudaDevice(int gpu, const Settings& settings) : gpu_(gpu), settings_(settings) {
    useGpu(gpu_);
    copies_ = createStream();
    check(cudaGetDeviceProperties(&properties_, gpu_), "cudaGetDeviceProperties");
  }

  ~CudaDevice() override { ignore(cudaSetDevice(gpu_)); }

  std::string description() const override {
    static const char* const suffixes[] = {"", ", TF32", ", BFloat16"};
    return std::string(properties_.name) + ", compute capability " + computeCapability(properties_) + suffixes[static_cast<int>(settings_.precision)];
  }
  int threads() const override { return 1; }
  std::shared_ptr<Buffer> allocate(size_t bytes) override {
    useGpu(gpu_);
    return std::make_shared<DeviceBuffer>(gpu_, bytes, copies_);
  }
  std::unique_ptr<Executable> compile(const Program& program, std::vector<std::shared_ptr<Buffer>> variables) override {
    useGpu(gpu_);
    return std::make_unique<CudaExecutable>(gpu_, program, std::move(variables), settings_);
  }

 private:
  int gpu_;
  Settings settings_;
  cudaDeviceProp properties_;
  std::shared_ptr<CUstream_st> copies_;  // shared with the buffers, which may outlive the device
};

}  // namespace

int gpuCount() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  ignore(cudaGetLastError());
  return status == cudaSuccess ? devices : 0;
}

std::string missing(int gpu) {
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
  if (gpu >= devices) return noSuchGpu(gpu, devices);
  return whyItCannotCompute(gpu);
}

Report report(int gpu) {
  Report report;
  report.driverVersion = driverVersion();
  report.runtimeVersion = runtimeVersion();
  cudaDeviceProp properties;
  const bool isThere = missing(gpu).empty();
  if (isThere && cudaGetDeviceProperties(&properties, gpu) == cudaSuccess) {
    report.gpu = properties.name;
    report.computeCapability = computeCapability(properties);
    report.memoryBytes = properties.totalGlobalMem;
  }
  if (isThere) useGpu(gpu);
  report.libraries = libraryReports(isThere ? gpu : noGpu);
  return report;
}

std::unique_ptr<Device> createDevice(int gpu, const Settings& settings) { return std::make_unique<CudaDevice>(gpu, settings); }

}  // namespace cuda_gan::cuda
