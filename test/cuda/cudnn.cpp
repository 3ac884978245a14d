// Holds CudnnConvolution, on the stand-in for the library, to plain loops: `npm test` compiles and runs it.
#include "libraries/cudnn.h"

#include <dlfcn.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <vector>

#include "expect.h"
#include "libraries/search.h"

using namespace cuda_gan::cuda;

namespace {

using Kind = ConvolutionRequest::Kind;
constexpr size_t largeWorkspace = 1 << 20;

// Floats at an address divisible by 64.
struct Floats {
  std::vector<float> memory;
  float* data;

  Floats(int64_t size, std::mt19937& random) : memory(static_cast<size_t>(size) + 16) {
    data = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64) % 64 / sizeof(float);
    std::normal_distribution<float> normal;
    for (int64_t i = 0; i < size; i++) data[i] = normal(random);
  }
};

struct Tensors {
  ConvolutionRequest request;
  Floats x, kernel, y;

  Tensors(const ConvolutionRequest& of, std::mt19937& random)
      : request(of),
        x(of.batch * of.inputSize[0] * of.inputSize[1] * of.inputs, random),
        kernel(of.outputs * of.kernelSize[0] * of.kernelSize[1] * (of.inputs / of.groups), random),
        y(of.batch * of.outputSize[0] * of.outputSize[1] * of.outputs, random) {}

  // Calls f(x, kernel, y), with the indices of all products.
  template <class F>
  void forProducts(F f) const {
    const auto& r = request;
    const int64_t groupInputs = r.inputs / r.groups, groupOutputs = r.outputs / r.groups;
    for (int64_t at = 0; at < r.batch * r.outputSize[0] * r.outputSize[1] * r.outputs; at++) {
      const int64_t o = at % r.outputs, ox = at / r.outputs % r.outputSize[1];
      const int64_t oy = at / r.outputs / r.outputSize[1] % r.outputSize[0],
                    n = at / r.outputs / r.outputSize[1] / r.outputSize[0];
      for (int64_t k = 0; k < r.kernelSize[0] * r.kernelSize[1]; k++) {
        const int64_t iy = oy * r.strides[0] - r.padding[0] + k / r.kernelSize[1] * r.dilations[0];
        const int64_t ix = ox * r.strides[1] - r.padding[1] + k % r.kernelSize[1] * r.dilations[1];
        if (iy < 0 || ix < 0 || iy >= r.inputSize[0] || ix >= r.inputSize[1]) continue;
        for (int64_t i = 0; i < groupInputs; i++) {
          f(((n * r.inputSize[0] + iy) * r.inputSize[1] + ix) * r.inputs + o / groupOutputs * groupInputs + i,
            (o * r.kernelSize[0] * r.kernelSize[1] + k) * groupInputs + i, at);
        }
      }
    }
  }
};

void compareWithPlainLoops(const Cudnn& library, const ConvolutionRequest& request, std::mt19937& random) {
  Tensors tensors(request, random);
  Floats workspace(largeWorkspace / sizeof(float), random);
  Floats& result = request.kind == Kind::Forward         ? tensors.y
                   : request.kind == Kind::InputGradient ? tensors.x
                                                         : tensors.kernel;
  const auto size = static_cast<size_t>(result.memory.size() - 16);
  std::vector<double> sums(size), sizes(size);
  tensors.forProducts([&](int64_t x, int64_t kernel, int64_t y) {
    const float a = request.kind == Kind::InputGradient ? tensors.y.data[y] : tensors.x.data[x];
    const float b = request.kind == Kind::KernelGradient ? tensors.y.data[y] : tensors.kernel.data[kernel];
    const auto at = static_cast<size_t>(request.kind == Kind::Forward         ? y
                                        : request.kind == Kind::InputGradient ? x
                                                                              : kernel);
    sums[at] += static_cast<double>(a) * b;
    sizes[at] += std::abs(static_cast<double>(a) * b);
  });

  CudnnConvolution convolution(library, request, nullptr, largeWorkspace);
  convolution.bind(tensors.x.data, tensors.kernel.data, tensors.y.data, workspace.data);
  convolution.enqueue();
  convolution.enqueue();
  for (size_t i = 0; i < size; i++) {
    // The stand-in sums in float64 and rounds once.
    if (std::abs(result.data[i] - sums[i]) <= sizes[i] * std::ldexp(1, -23)) continue;
    return expect(false, "kind " + std::to_string(static_cast<int>(request.kind)) + " at " + std::to_string(i));
  }
}

ConvolutionRequest requestOf(Kind kind, std::mt19937& random, Precision precision) {
  const auto upTo = [&](uint64_t largest) { return static_cast<int64_t>(1 + random() % largest); };
  ConvolutionRequest request{};
  request.kind = kind;
  request.precision = precision;
  request.batch = upTo(3);
  request.groups = upTo(3);
  request.inputs = request.groups * upTo(5);
  request.outputs = request.groups * upTo(5);
  for (size_t i = 0; i < 2; i++) {
    request.kernelSize[i] = upTo(4);
    request.strides[i] = upTo(3);
    request.dilations[i] = upTo(2);
    request.padding[i] = upTo(3) - 1;
    const int64_t reach = (request.kernelSize[i] - 1) * request.dilations[i] + 1;
    request.inputSize[i] = reach + upTo(5);
    request.outputSize[i] = (request.inputSize[i] + 2 * request.padding[i] - reach) / request.strides[i] + 1;
  }
  return request;
}

void compareMany(const Cudnn& library) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; round++)
    for (const Kind kind : {Kind::Forward, Kind::InputGradient, Kind::KernelGradient})
      compareWithPlainLoops(library, requestOf(kind, random, static_cast<Precision>(round % 3)), random);
}

void chooseByPrecision(const Cudnn& library) {
  std::mt19937 random(7);
  ConvolutionRequest request = requestOf(Kind::Forward, random, Precision::Float32);
  const auto workspaceOf = [&] { return CudnnConvolution(library, request, nullptr, largeWorkspace).workspaceBytes(); };
  // Of the stand-in's engines that compute, the one on tensor cores comes first and needs no workspace. It has that for
  // one group.
  request.outputs = request.inputs = request.groups = 1;
  expect(workspaceOf() > 0, "float32 is not computed on tensor cores");
  request.precision = Precision::Tf32;
  expect(workspaceOf() == 0, "tf32 is computed on tensor cores");
}

void refuseWhatCannotBeDone(const Cudnn& library) {
  std::mt19937 random(7);
  ConvolutionRequest request = requestOf(Kind::Forward, random, Precision::Float32);
  expectThrow<std::runtime_error>("no engine for this convolution",
                                  [&] { CudnnConvolution(library, request, nullptr, 0); });
  CudnnConvolution convolution(library, request, nullptr, largeWorkspace);
  Tensors tensors(request, random);
  float *x = tensors.x.data, *kernel = tensors.kernel.data, *y = tensors.y.data;
  expectThrow<std::invalid_argument>("divisible by 16", [&] { convolution.bind(x + 1, kernel, y, x); });
  expectThrow<std::invalid_argument>("must be given", [&] { convolution.bind(x, nullptr, y, x); });
  expectThrow<std::invalid_argument>("a workspace", [&] { convolution.bind(x, kernel, y, nullptr); });
  expectThrow<std::runtime_error>("cudnnBackendExecute: no tensors", [&] { convolution.enqueue(); });
  request.outputSize[0]++;
  expectThrow<std::runtime_error>("cudnnBackendFinalize: an output of another size",
                                  [&] { CudnnConvolution(library, request, nullptr, 0); });
}

}  // namespace

int main() {
  std::string reason;
  const Cudnn* library = Cudnn::find(0, &reason);
  if (!library) {
    std::printf("FAILED: %s\n", reason.c_str());
    return EXIT_FAILURE;
  }
  const auto liveObjects = reinterpret_cast<int64_t (*)()>(dlsym(cudnnLibrary(0).handle, "fakeCudnnLiveObjects"));
  compareMany(*library);
  chooseByPrecision(*library);
  refuseWhatCannotBeDone(*library);
  expect(liveObjects() == 0, "every object of the library is destroyed with its plan");
  if (failures == 0) std::printf("all hold\n");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
