// A stand-in for cuDNN that convolves on the host and at host addresses, for machines without a GPU: in the order of
// the stream where test/cuda-emulator/ provides streams, else at once.
//
// It is stricter than the library: every descriptor must be complete and finalized before it is used, and tensors must
// fit together. What it finds wrong is the text of its errors. Its first engines are those that the device must pass
// over, and they compute nonsense. It fills the workspace that it asked for with NaNs, so that a workspace shared with
// data shows.
//
// Built as libcudnn.so.9 and named to the device by CUDA_GAN_LIB_DIR.
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include "libraries/api.h"

namespace cuda_gan::cuda::cudnn {

struct Context {
  uint64_t mark;
  cudaStream_t stream;
};

}  // namespace cuda_gan::cuda::cudnn

using namespace cuda_gan::cuda::cudnn;

namespace {

constexpr uint64_t contextMark = 0xC0, descriptorMark = 0xDE;
constexpr size_t workspaceAlignment = 16, workspaceBytes = 4096;

int64_t liveObjects = 0;
int64_t convolutions = 0;
thread_local const char* complaint = "";

constexpr Status badParameter = static_cast<Status>(2000), notSupported = static_cast<Status>(3000);

Status refuse(const char* reason, Status status = badParameter) {
  complaint = reason;
  return status;
}

// What an engine is like.
struct EngineTraits {
  std::vector<NumericalNote> numerical;
  std::vector<BehaviorNote> behavior;
  bool works;     // whether its plans can be finalized
  bool computes;  // else it gives nonsense
  size_t workspaceBytes;
};

const EngineTraits engines[] = {
    {{NumericalNote::Nondeterministic}, {}, true, false, 0},
    {{NumericalNote::Winograd, NumericalNote::WinogradTile4x4}, {}, true, false, 0},
    {{NumericalNote::TensorCore, NumericalNote::DownConvertsInputs}, {}, true, false, 0},
    {{NumericalNote::Fft}, {}, true, false, 0},
    {{}, {BehaviorNote::RuntimeCompilation}, true, false, 0},
    {{}, {}, false, false, 0},
    {{}, {}, true, false, size_t{1} << 40},
    {{NumericalNote::TensorCore}, {}, true, true, 0},
    {{NumericalNote::StrictNanPropagation}, {}, true, true, workspaceBytes},
};

struct Value {
  ElementType type;
  int64_t count;
  std::vector<char> bytes;

  template <typename T>
  const T* as() const {
    return reinterpret_cast<const T*>(bytes.data());
  }
};

struct Object {
  uint64_t mark = descriptorMark;
  DescriptorKind kind;
  bool finalized = false;
  std::map<AttributeName, Value> values;
  // Of an engine, and of what is made with it.
  int engine = -1;
  const Object* operation = nullptr;

  template <typename T>
  T one(AttributeName name) const {
    return *values.at(name).as<T>();
  }
  const Object& object(AttributeName name) const { return *one<Object*>(name); }
  const int64_t* numbers(AttributeName name) const { return values.at(name).as<int64_t>(); }
};

Object* objectOf(Descriptor descriptor) {
  auto* object = static_cast<Object*>(descriptor);
  return object && object->mark == descriptorMark ? object : nullptr;
}

size_t bytesOf(ElementType type) {
  switch (type) {
    case ElementType::Handle:
    case ElementType::Pointer:
    case ElementType::Descriptor:
    case ElementType::Int64: return 8;
    default: return 4;
  }
}

// An attribute that a kind of descriptor must have.
struct Required {
  AttributeName name;
  ElementType type;
  int64_t count;
};

std::vector<Required> requiredOf(DescriptorKind kind) {
  using Name = AttributeName;
  using Type = ElementType;
  const auto operation = [](Name convolution, Name x, Name kernel, Name y, Name alpha, Name beta) {
    return std::vector<Required>{{convolution, Type::Descriptor, 1}, {x, Type::Descriptor, 1},
                                 {kernel, Type::Descriptor, 1},      {y, Type::Descriptor, 1},
                                 {alpha, Type::Float32, 1},          {beta, Type::Float32, 1}};
  };
  switch (kind) {
    case DescriptorKind::Tensor:
      return {{Name::TensorDataType, Type::DataType, 1},
              {Name::TensorDimensions, Type::Int64, 4},
              {Name::TensorStrides, Type::Int64, 4},
              {Name::TensorId, Type::Int64, 1},
              {Name::TensorAlignment, Type::Int64, 1}};
    case DescriptorKind::Convolution:
      return {{Name::ConvolutionComputeType, Type::DataType, 1}, {Name::ConvolutionMode, Type::ConvolutionMode, 1},
              {Name::ConvolutionDimensions, Type::Int64, 1}, {Name::ConvolutionDilations, Type::Int64, 2},
              {Name::ConvolutionStrides, Type::Int64, 2}, {Name::ConvolutionPaddingBefore, Type::Int64, 2},
              {Name::ConvolutionPaddingAfter, Type::Int64, 2}};
    case DescriptorKind::Forward:
      return operation(Name::ForwardConvolution, Name::ForwardX, Name::ForwardKernel, Name::ForwardY,
                       Name::ForwardAlpha, Name::ForwardBeta);
    case DescriptorKind::InputGradient:
      return operation(Name::InputGradientConvolution, Name::InputGradientDx, Name::InputGradientKernel,
                       Name::InputGradientDy, Name::InputGradientAlpha, Name::InputGradientBeta);
    case DescriptorKind::KernelGradient:
      return operation(Name::KernelGradientConvolution, Name::KernelGradientX, Name::KernelGradientDkernel,
                       Name::KernelGradientDy, Name::KernelGradientAlpha, Name::KernelGradientBeta);
    case DescriptorKind::OperationGraph:
      return {{Name::GraphHandle, Type::Handle, 1}, {Name::GraphOperations, Type::Descriptor, 1}};
    case DescriptorKind::EngineHeuristics:
      return {{Name::HeuristicsGraph, Type::Descriptor, 1}, {Name::HeuristicsMode, Type::HeuristicMode, 1}};
    case DescriptorKind::ExecutionPlan:
      return {{Name::PlanHandle, Type::Handle, 1}, {Name::PlanConfig, Type::Descriptor, 1}};
    case DescriptorKind::VariantPack:
      return {{Name::PackIds, Type::Int64, 3},
              {Name::PackPointers, Type::Pointer, 3},
              {Name::PackWorkspace, Type::Pointer, 1}};
    default: return {};  // the library makes these
  }
}

// The parts of an operation, in the order of requiredOf.
struct Operation {
  DescriptorKind kind;
  Object convolution, x, kernel, y;

  explicit Operation(const Object& object) : Operation(object, requiredOf(object.kind)) {}
  Operation(const Object& object, const std::vector<Required>& parts)
      : kind(object.kind),
        convolution(object.object(parts[0].name)),
        x(object.object(parts[1].name)),
        kernel(object.object(parts[2].name)),
        y(object.object(parts[3].name)) {}

  int64_t groups() const { return dimension(x, 1) / dimension(kernel, 1); }
  static int64_t dimension(const Object& tensor, int axis) {
    return tensor.numbers(AttributeName::TensorDimensions)[axis];
  }
  int64_t along(AttributeName name, int axis) const { return convolution.numbers(name)[axis]; }
};

Status checkTensor(const Object& tensor) {
  const int64_t* dimensions = tensor.numbers(AttributeName::TensorDimensions);
  for (int i = 0; i < 4; i++)
    if (dimensions[i] < 1) return refuse("a dimension that is not positive");
  const int64_t* strides = tensor.numbers(AttributeName::TensorStrides);
  if (strides[1] != 1 || strides[3] != dimensions[1] || strides[2] != dimensions[3] * strides[3] ||
      strides[0] != dimensions[2] * strides[2])
    return refuse("a tensor whose channels are not last");
  if (tensor.one<DataType>(AttributeName::TensorDataType) != DataType::Float32)
    return refuse("a type that is not float32");
  return Status::Success;
}

Status checkOperation(const Object& object, const std::vector<Required>& parts) {
  const Operation operation(object, parts);
  if (operation.convolution.kind != DescriptorKind::Convolution) return refuse("the convolution is none");
  for (const Object* tensor : {&operation.x, &operation.kernel, &operation.y})
    if (tensor->kind != DescriptorKind::Tensor) return refuse("a tensor is none");
  if (object.one<float>(parts[4].name) != 1 || object.one<float>(parts[5].name) != 0)
    return refuse("a scale that is not ours");
  const auto dimension = Operation::dimension;
  if (dimension(operation.x, 0) != dimension(operation.y, 0) ||
      dimension(operation.kernel, 0) != dimension(operation.y, 1) ||
      dimension(operation.x, 1) % dimension(operation.kernel, 1) != 0 ||
      dimension(operation.y, 1) % operation.groups() != 0) {
    return refuse("tensors that do not fit together");
  }
  for (int i = 0; i < 2; i++) {
    const int64_t before = operation.along(AttributeName::ConvolutionPaddingBefore, i);
    if (before != operation.along(AttributeName::ConvolutionPaddingAfter, i))
      return refuse("padding that is not symmetric", notSupported);
    const int64_t reach =
        (dimension(operation.kernel, 2 + i) - 1) * operation.along(AttributeName::ConvolutionDilations, i) + 1;
    const int64_t places =
        (dimension(operation.x, 2 + i) + 2 * before - reach) / operation.along(AttributeName::ConvolutionStrides, i) +
        1;
    if (places != dimension(operation.y, 2 + i)) return refuse("an output of another size than the convolution has");
  }
  return Status::Success;
}

Status checkHandle(const Object& object, AttributeName name) {
  const Context* context = object.one<Context*>(name);
  return context && context->mark == contextMark ? Status::Success : refuse("no handle");
}

Status check(Object& object, const std::vector<Required>& required) {
  switch (object.kind) {
    case DescriptorKind::Tensor: return checkTensor(object);
    case DescriptorKind::Convolution:
      if (object.one<ConvolutionMode>(AttributeName::ConvolutionMode) != ConvolutionMode::CrossCorrelation)
        return refuse("no cross-correlation");
      return *object.numbers(AttributeName::ConvolutionDimensions) == 2 ? Status::Success
                                                                        : refuse("not two dimensions");
    case DescriptorKind::Forward:
    case DescriptorKind::InputGradient:
    case DescriptorKind::KernelGradient: return checkOperation(object, required);
    case DescriptorKind::OperationGraph: return checkHandle(object, AttributeName::GraphHandle);
    case DescriptorKind::ExecutionPlan:
      object.engine = object.object(AttributeName::PlanConfig).engine;
      object.operation = object.object(AttributeName::PlanConfig).operation;
      if (object.engine < 0) return refuse("the configuration has no engine");
      if (!engines[object.engine].works) return refuse("an engine that does not work", notSupported);
      return checkHandle(object, AttributeName::PlanHandle);
    default: return Status::Success;
  }
}

template <typename T>
Status give(const std::vector<T>& found, int64_t wanted, int64_t* count, void* elements) {
  *count = static_cast<int64_t>(found.size());
  if (wanted < *count && wanted > 0) return refuse("more elements than asked for");
  // As cuDNN 9.14 does.
  if (wanted > *count && elements) return refuse("fewer elements than asked for");
  if (!found.empty() && elements) std::memcpy(elements, found.data(), found.size() * sizeof(T));
  return Status::Success;
}

// Fills in the configurations that the caller has made: the faster engines, or the last one alone, which always works.
Status giveEngines(const Object& heuristics, int64_t wanted, int64_t* count, void* elements) {
  const bool fallback = heuristics.one<HeuristicMode>(AttributeName::HeuristicsMode) == HeuristicMode::Fallback;
  const int all = static_cast<int>(std::size(engines)), first = fallback ? all - 1 : 0;
  // Grouped ones are only in the list of those that always work.
  const Object& operation = heuristics.object(AttributeName::HeuristicsGraph).object(AttributeName::GraphOperations);
  const int found = !fallback && Operation(operation).groups() > 1 ? 0 : all - first;
  *count = found;
  for (int i = 0; i < found && i < wanted; i++) {
    Object* config = objectOf(static_cast<Descriptor*>(elements)[i]);
    if (!config || config->kind != DescriptorKind::EngineConfig) return refuse("no configuration to fill in");
    config->engine = first + i;
    config->operation = &operation;
    config->finalized = true;
  }
  return Status::Success;
}

// Calls f(x, kernel, y), with the offsets of all products.
template <class F>
void forProducts(const Operation& operation, F f) {
  const auto size = [](const Object& tensor, int axis) { return Operation::dimension(tensor, axis); };
  const auto stride = [](const Object& tensor, int axis) { return tensor.numbers(AttributeName::TensorStrides)[axis]; };
  const auto &x = operation.x, &kernel = operation.kernel, &y = operation.y;
  const int64_t groupOutputs = size(y, 1) / operation.groups();
  const auto input = [&](int axis, int64_t o, int64_t k) {
    return o * operation.along(AttributeName::ConvolutionStrides, axis) -
           operation.along(AttributeName::ConvolutionPaddingBefore, axis) +
           k * operation.along(AttributeName::ConvolutionDilations, axis);
  };
  for (int64_t n = 0; n < size(y, 0); n++)
    for (int64_t oy = 0; oy < size(y, 2); oy++)
      for (int64_t ox = 0; ox < size(y, 3); ox++)
        for (int64_t ky = 0; ky < size(kernel, 2); ky++)
          for (int64_t kx = 0; kx < size(kernel, 3); kx++) {
            const int64_t iy = input(0, oy, ky), ix = input(1, ox, kx);
            if (iy < 0 || ix < 0 || iy >= size(x, 2) || ix >= size(x, 3)) continue;
            const int64_t xAt = n * stride(x, 0) + iy * stride(x, 2) + ix * stride(x, 3);
            const int64_t kernelAt = ky * stride(kernel, 2) + kx * stride(kernel, 3);
            const int64_t yAt = n * stride(y, 0) + oy * stride(y, 2) + ox * stride(y, 3);
            for (int64_t o = 0; o < size(y, 1); o++)
              for (int64_t i = 0; i < size(kernel, 1); i++)
                f(xAt + o / groupOutputs * size(kernel, 1) + i, kernelAt + o * stride(kernel, 0) + i, yAt + o);
          }
}

void compute(const Operation& operation, float* x, float* kernel, float* y, bool nonsense) {
  float* result = operation.kind == DescriptorKind::Forward         ? y
                  : operation.kind == DescriptorKind::InputGradient ? x
                                                                    : kernel;
  const Object& tensor = result == y ? operation.y : result == x ? operation.x : operation.kernel;
  std::vector<double> sums(
      static_cast<size_t>(Operation::dimension(tensor, 0) * tensor.numbers(AttributeName::TensorStrides)[0]));
  forProducts(operation, [&](int64_t xAt, int64_t kernelAt, int64_t yAt) {
    if (result == y) sums[static_cast<size_t>(yAt)] += static_cast<double>(x[xAt]) * kernel[kernelAt];
    if (result == x) sums[static_cast<size_t>(xAt)] += static_cast<double>(y[yAt]) * kernel[kernelAt];
    if (result == kernel) sums[static_cast<size_t>(kernelAt)] += static_cast<double>(x[xAt]) * y[yAt];
  });
  for (size_t i = 0; i < sums.size(); i++) result[i] = nonsense ? -1e9f : static_cast<float>(sums[i]);
}

// What a kernel does wrong shows when the stream is waited for: in the emulator, as the error whose number FAKE_CUDNN_FAULT is.
void failLater() {
  const char* error = std::getenv("FAKE_CUDNN_FAULT");
  if (error != nullptr) setenv("CUDA_EMULATOR_FAIL", (std::string("cudaStreamSynchronize=") + error).c_str(), 1);
}

// The emulator names its function by its address: this library cannot see the symbols of an addon.
void enqueue(cudaStream_t stream, std::function<void()> work) {
  using Enqueue = void (*)(cudaStream_t, std::function<void()>);
  const char* address = std::getenv("CUDA_EMULATOR_ENQUEUE");
  if (address == nullptr) return work();
  reinterpret_cast<Enqueue>(std::strtoull(address, nullptr, 10))(stream, std::move(work));
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int64_t fakeCudnnLiveObjects() { return liveObjects; }
EXPORTED int64_t fakeCudnnConvolutions() { return convolutions; }

EXPORTED size_t cudnnGetVersion() { return 90102; }

EXPORTED const char* cudnnGetErrorString(Status) { return complaint; }

// As a library does for which the driver is too old, where FAKE_CUDNN_REFUSES is set.
EXPORTED Status cudnnCreate(Context** context) {
  if (std::getenv("FAKE_CUDNN_REFUSES")) return refuse("CUDNN_STATUS_NOT_INITIALIZED");
  liveObjects++;
  *context = new Context{contextMark, nullptr};
  return Status::Success;
}

EXPORTED Status cudnnDestroy(Context* context) {
  if (!context || context->mark != contextMark) return refuse("no handle to destroy");
  context->mark = 0;
  delete context;
  liveObjects--;
  return Status::Success;
}

EXPORTED Status cudnnSetStream(Context* context, cudaStream_t stream) {
  if (!context || context->mark != contextMark) return refuse("no handle");
  context->stream = stream;
  return Status::Success;
}

EXPORTED Status cudnnBackendCreateDescriptor(DescriptorKind kind, Descriptor* descriptor) {
  auto* object = new Object;
  object->kind = kind;
  *descriptor = object;
  liveObjects++;
  return Status::Success;
}

EXPORTED Status cudnnBackendDestroyDescriptor(Descriptor descriptor) {
  Object* object = objectOf(descriptor);
  if (!object) return refuse("no descriptor to destroy");
  object->mark = 0;
  delete object;
  liveObjects--;
  return Status::Success;
}

EXPORTED Status cudnnBackendSetAttribute(Descriptor descriptor, AttributeName name, ElementType type, int64_t count,
                                         const void* elements) {
  Object* object = objectOf(descriptor);
  if (!object || object->finalized) return refuse("no descriptor that can be changed");
  if (count < 1 || !elements) return refuse("no elements");
  for (const Required& required : requiredOf(object->kind)) {
    if (required.name != name) continue;
    if (required.type != type || required.count != count) return refuse("an attribute of another type or length");
    if (type == ElementType::Descriptor) {
      const Object* value = objectOf(*static_cast<const Descriptor*>(elements));
      if (!value || !value->finalized) return refuse("a descriptor that is not finalized");
    }
    const auto* bytes = static_cast<const char*>(elements);
    object->values[name] = {type, count, std::vector<char>(bytes, bytes + static_cast<size_t>(count) * bytesOf(type))};
    return Status::Success;
  }
  return refuse("an attribute that is none of the descriptor's");
}

EXPORTED Status cudnnBackendFinalize(Descriptor descriptor) {
  Object* object = objectOf(descriptor);
  if (!object || object->finalized) return refuse("no descriptor to finalize");
  const std::vector<Required> required = requiredOf(object->kind);
  if (required.empty()) return refuse("the library itself finalizes these");
  for (const Required& attribute : required)
    if (object->values.count(attribute.name) == 0) return refuse("an attribute is missing");
  if (const Status status = check(*object, required); status != Status::Success) return status;
  object->finalized = true;
  return Status::Success;
}

EXPORTED Status cudnnBackendGetAttribute(const Descriptor descriptor, AttributeName name, ElementType type,
                                         int64_t wanted, int64_t* count, void* elements) {
  const Object* object = objectOf(descriptor);
  if (!object || !object->finalized || !count) return refuse("no descriptor that tells anything");
  switch (name) {
    case AttributeName::HeuristicsResults:
      if (object->kind != DescriptorKind::EngineHeuristics || type != ElementType::Descriptor) break;
      return giveEngines(*object, wanted, count, elements);
    case AttributeName::ConfigEngine: {
      Object* engine = wanted == 1 ? objectOf(*static_cast<Descriptor*>(elements)) : nullptr;
      if (object->kind != DescriptorKind::EngineConfig || !engine || engine->kind != DescriptorKind::Engine) break;
      engine->engine = object->engine;
      engine->finalized = true;
      *count = 1;
      return Status::Success;
    }
    case AttributeName::EngineNumericalNotes:
      if (object->kind != DescriptorKind::Engine || type != ElementType::NumericalNote) break;
      return give(engines[object->engine].numerical, wanted, count, elements);
    case AttributeName::EngineBehaviorNotes:
      if (object->kind != DescriptorKind::Engine || type != ElementType::BehaviorNote) break;
      return give(engines[object->engine].behavior, wanted, count, elements);
    case AttributeName::PlanWorkspaceBytes:
      if (object->kind != DescriptorKind::ExecutionPlan || type != ElementType::Int64) break;
      return give(std::vector<int64_t>{static_cast<int64_t>(engines[object->engine].workspaceBytes)}, wanted, count,
                  elements);
    default: break;
  }
  return refuse("an attribute that cannot be asked for");
}

EXPORTED Status cudnnBackendExecute(Context* context, Descriptor planDescriptor, Descriptor packDescriptor) {
  const Object *plan = objectOf(planDescriptor), *pack = objectOf(packDescriptor);
  if (!context || context->mark != contextMark) return refuse("no handle");
  if (!plan || plan->kind != DescriptorKind::ExecutionPlan || !plan->finalized) return refuse("no plan");
  if (!pack || pack->kind != DescriptorKind::VariantPack || !pack->finalized) return refuse("no tensors");
  if (plan->one<Context*>(AttributeName::PlanHandle) != context) return refuse("the plan was made with another handle");
  const EngineTraits& engine = engines[plan->engine];
  auto* workspace = pack->one<float*>(AttributeName::PackWorkspace);
  if (engine.workspaceBytes > 0 && !workspace) return refuse("a workspace is missing");
  if (reinterpret_cast<uintptr_t>(workspace) % workspaceAlignment != 0) return refuse("the workspace is not aligned");
  const int64_t* ids = pack->numbers(AttributeName::PackIds);
  float* const* pointers = pack->values.at(AttributeName::PackPointers).as<float*>();
  const Operation operation(*plan->operation);
  float* tensors[3] = {};
  const Object* descriptions[] = {&operation.x, &operation.kernel, &operation.y};
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++)
      if (ids[j] == *descriptions[i]->numbers(AttributeName::TensorId)) tensors[i] = pointers[j];
    if (!tensors[i]) return refuse("a tensor has no address");
    if (reinterpret_cast<uintptr_t>(tensors[i]) %
            static_cast<uint64_t>(*descriptions[i]->numbers(AttributeName::TensorAlignment)) !=
        0)
      return refuse("a tensor is less aligned than was said");
  }
  // Taken along, since the descriptors may be gone when the stream comes to it.
  const auto work = [engine = &engine, workspace, operation, x = tensors[0], kernel = tensors[1], y = tensors[2]] {
    for (size_t i = 0; i < engine->workspaceBytes / sizeof(float); i++)
      workspace[i] = std::numeric_limits<float>::quiet_NaN();
    compute(operation, x, kernel, y, !engine->computes);
    convolutions++;
    // For scripts, which cannot call fakeCudnnConvolutions().
    setenv("FAKE_CUDNN_CONVOLUTIONS", std::to_string(convolutions).c_str(), 1);
  };
  enqueue(context->stream, work);
  failLater();
  return Status::Success;
}

// The stand-in has the functions that the device calls, as it calls them.
#define SAME_TYPE(member, name) static_assert(std::is_same_v<decltype(&name), decltype(Functions::member)>);
CUDA_GAN_CUDNN_FUNCTIONS(SAME_TYPE)
