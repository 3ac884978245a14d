#include "cudnn.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "functions.h"
#include "per-gpu.h"
#include "search.h"

namespace cuda_gan::cuda {

using namespace cudnn;

namespace {

// What the engines are told of the tensors' addresses.
constexpr int64_t tensorAlignment = 16;
// Engines that a heuristic is asked for.
constexpr int64_t wantedEngines = 16;
// How the tensors of a request are called towards the library.
constexpr int64_t idOfX = 1, idOfKernel = 2, idOfY = 3;

template <typename T>
constexpr ElementType typeOf() {
  if constexpr (std::is_same_v<T, DataType>) return ElementType::DataType;
  if constexpr (std::is_same_v<T, int64_t>) return ElementType::Int64;
  if constexpr (std::is_same_v<T, float>) return ElementType::Float32;
  if constexpr (std::is_same_v<T, Context*>) return ElementType::Handle;
  if constexpr (std::is_same_v<T, ConvolutionMode>) return ElementType::ConvolutionMode;
  if constexpr (std::is_same_v<T, HeuristicMode>) return ElementType::HeuristicMode;
  if constexpr (std::is_same_v<T, NumericalNote>) return ElementType::NumericalNote;
  if constexpr (std::is_same_v<T, BehaviorNote>) return ElementType::BehaviorNote;
}

// A descriptor of the library's.
class Owned {
 public:
  Owned(const Cudnn& library, DescriptorKind kind) : library_(&library) {
    library.check(library.functions().createDescriptor(kind, &descriptor_), "cudnnBackendCreateDescriptor");
  }
  ~Owned() {
    if (descriptor_) library_->functions().destroyDescriptor(descriptor_);
  }
  Owned(Owned&& other) noexcept : library_(other.library_), descriptor_(std::exchange(other.descriptor_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(library_, other.library_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  Descriptor get() const { return descriptor_; }

  template <typename T>
  void set(AttributeName name, T value) {
    setAll(name, typeOf<T>(), 1, &value);
  }
  template <typename T, size_t count>
  void set(AttributeName name, const std::array<T, count>& values) {
    setAll(name, typeOf<T>(), count, values.data());
  }
  void set(AttributeName name, const Owned& value) { setAll(name, ElementType::Descriptor, 1, &value.descriptor_); }
  void setPointers(AttributeName name, int64_t count, void* const* pointers) {
    setAll(name, ElementType::Pointer, count, pointers);
  }

  void finalize() { library_->check(library_->functions().finalize(descriptor_), "cudnnBackendFinalize"); }
  bool finalizes() { return library_->functions().finalize(descriptor_) == Status::Success; }

  // How many elements there are, of which at most `wanted` are written. The library refuses to be asked for more than
  // there can be.
  int64_t get(AttributeName name, ElementType type, int64_t wanted, void* elements) const {
    int64_t count = 0;
    library_->check(library_->functions().getAttribute(descriptor_, name, type, wanted, &count, elements),
                    "cudnnBackendGetAttribute");
    return count;
  }

  template <typename T>
  std::vector<T> getAll(AttributeName name) const {
    std::vector<T> values(static_cast<size_t>(get(name, typeOf<T>(), 0, nullptr)));
    if (!values.empty()) get(name, typeOf<T>(), static_cast<int64_t>(values.size()), values.data());
    return values;
  }

 private:
  void setAll(AttributeName name, ElementType type, int64_t count, const void* elements) {
    library_->check(library_->functions().setAttribute(descriptor_, name, type, count, elements),
                    "cudnnBackendSetAttribute");
  }

  const Cudnn* library_;
  Descriptor descriptor_ = nullptr;
};

using Pair = ConvolutionRequest::Pair;

// Whatever the order in memory, the library names dimensions in the order [n, channels, height, width].
struct TensorShape {
  std::array<int64_t, 4> dimensions, strides;
};

// Of a tensor that lies as [n, height, width, channels].
TensorShape channelsLast(int64_t n, const Pair& size, int64_t channels) {
  return {{n, channels, size[0], size[1]}, {size[0] * size[1] * channels, 1, size[1] * channels, channels}};
}

Owned tensorOf(const Cudnn& library, int64_t id, const TensorShape& shape) {
  Owned tensor(library, DescriptorKind::Tensor);
  tensor.set(AttributeName::TensorDataType, DataType::Float32);
  tensor.set(AttributeName::TensorDimensions, shape.dimensions);
  tensor.set(AttributeName::TensorStrides, shape.strides);
  tensor.set(AttributeName::TensorId, id);
  tensor.set(AttributeName::TensorAlignment, tensorAlignment);
  tensor.finalize();
  return tensor;
}

Owned convolutionOf(const Cudnn& library, const ConvolutionRequest& request) {
  Owned convolution(library, DescriptorKind::Convolution);
  convolution.set(AttributeName::ConvolutionComputeType, DataType::Float32);
  convolution.set(AttributeName::ConvolutionMode, ConvolutionMode::CrossCorrelation);
  convolution.set(AttributeName::ConvolutionDimensions, int64_t{2});
  convolution.set(AttributeName::ConvolutionDilations, request.dilations);
  convolution.set(AttributeName::ConvolutionStrides, request.strides);
  convolution.set(AttributeName::ConvolutionPaddingBefore, request.padding);
  convolution.set(AttributeName::ConvolutionPaddingAfter, request.padding);
  convolution.finalize();
  return convolution;
}

// The attributes of an operation, by its kind.
struct OperationNames {
  DescriptorKind kind;
  AttributeName convolution, x, kernel, y, alpha, beta;
};

OperationNames namesOf(ConvolutionRequest::Kind kind) {
  using Name = AttributeName;
  switch (kind) {
    case ConvolutionRequest::Kind::InputGradient:
      return {DescriptorKind::InputGradient, Name::InputGradientConvolution, Name::InputGradientDx,
              Name::InputGradientKernel,     Name::InputGradientDy,          Name::InputGradientAlpha,
              Name::InputGradientBeta};
    case ConvolutionRequest::Kind::KernelGradient:
      return {DescriptorKind::KernelGradient, Name::KernelGradientConvolution, Name::KernelGradientX,
              Name::KernelGradientDkernel,    Name::KernelGradientDy,          Name::KernelGradientAlpha,
              Name::KernelGradientBeta};
    default:
      return {DescriptorKind::Forward, Name::ForwardConvolution, Name::ForwardX, Name::ForwardKernel,
              Name::ForwardY, Name::ForwardAlpha, Name::ForwardBeta};
  }
}

// Whether an engine with these notes computes what is asked for.
bool isAllowed(const std::vector<NumericalNote>& notes, const std::vector<BehaviorNote>& behavior,
               Precision precision) {
  const bool isExact = std::all_of(notes.begin(), notes.end(), [&](NumericalNote note) {
    return note == NumericalNote::StrictNanPropagation ||
           (note == NumericalNote::TensorCore && precision != Precision::Float32);
  });
  // Code that is compiled when a plan is made takes seconds, and a compiler that may not be there.
  return isExact && std::find(behavior.begin(), behavior.end(), BehaviorNote::RuntimeCompilation) == behavior.end();
}

}  // namespace

const Cudnn* Cudnn::find(int gpu, std::string* reason) {
  struct Outcome {
    const Cudnn* library = nullptr;
    std::string reason;
  };
  // Never destroyed: when static objects are, the driver may be gone already.
  static auto& outcomes = *new PerGpu<Outcome>([](int of) {
    const Library& loaded = cudnnLibrary(of);
    Functions functions{};
    if (!loaded.handle) return Outcome{nullptr, whyMissed(loaded)};
    if (const char* missing = loadFunctions(loaded.handle, functions)) return Outcome{nullptr, loaded.report.path + " has no " + missing};
    return Outcome{new Cudnn(functions), ""};
  });

  const Outcome& outcome = outcomes.on(gpu);
  if (reason) *reason = outcome.reason;
  return outcome.library;
}

void Cudnn::check(Status status, const char* function) const {
  if (status != Status::Success)
    throw std::runtime_error(std::string(function) + ": " + functions_.getErrorString(status));
}

std::shared_ptr<Context> Cudnn::contextFor(cudaStream_t stream) const {
  static std::mutex mutex;
  static auto& contexts = *new std::map<cudaStream_t, std::weak_ptr<Context>>;
  const std::lock_guard<std::mutex> lock(mutex);
  std::weak_ptr<Context>& kept = contexts[stream];
  if (std::shared_ptr<Context> context = kept.lock()) return context;
  Context* created = nullptr;
  check(functions_.create(&created), "cudnnCreate");
  std::shared_ptr<Context> context(created, functions_.destroy);
  check(functions_.setStream(created, stream), "cudnnSetStream");
  kept = context;
  return context;
}

struct CudnnConvolution::State {
  State(const Cudnn& cudnn, const ConvolutionRequest& wanted, cudaStream_t stream, size_t mostWorkspaceBytes)
      : library(cudnn),
        request(wanted),
        context(cudnn.contextFor(stream)),
        x(tensorOf(cudnn, idOfX, channelsLast(wanted.batch, wanted.inputSize, wanted.inputs))),
        kernel(tensorOf(cudnn, idOfKernel,
                        channelsLast(wanted.outputs, wanted.kernelSize, wanted.inputs / wanted.groups))),
        y(tensorOf(cudnn, idOfY, channelsLast(wanted.batch, wanted.outputSize, wanted.outputs))),
        convolution(convolutionOf(cudnn, wanted)),
        operation(createOperation()),
        graph(createGraph()),
        chosen(chooseEngine(mostWorkspaceBytes)),
        pack(cudnn, DescriptorKind::VariantPack) {}

  Owned createOperation() const {
    const OperationNames names = namesOf(request.kind);
    Owned created(library, names.kind);
    created.set(names.convolution, convolution);
    created.set(names.x, x);
    created.set(names.kernel, kernel);
    created.set(names.y, y);
    created.set(names.alpha, 1.0f);
    created.set(names.beta, 0.0f);
    created.finalize();
    return created;
  }

  Owned createGraph() const {
    Owned created(library, DescriptorKind::OperationGraph);
    created.set(AttributeName::GraphHandle, context.get());
    created.set(AttributeName::GraphOperations, operation);
    created.finalize();
    return created;
  }

  // Engines, the fastest first by the library's estimate.
  std::vector<Owned> enginesBy(HeuristicMode mode) const {
    Owned heuristics(library, DescriptorKind::EngineHeuristics);
    heuristics.set(AttributeName::HeuristicsGraph, graph);
    heuristics.set(AttributeName::HeuristicsMode, mode);
    if (!heuristics.finalizes()) return {};
    std::vector<Owned> engines;
    std::vector<Descriptor> places;
    for (int64_t i = 0; i < wantedEngines; i++) {
      engines.emplace_back(library, DescriptorKind::EngineConfig);
      places.push_back(engines.back().get());
    }
    const int64_t found =
        heuristics.get(AttributeName::HeuristicsResults, ElementType::Descriptor, wantedEngines, places.data());
    while (static_cast<int64_t>(engines.size()) > found) engines.pop_back();
    return engines;
  }

  bool isUsable(const Owned& config) const {
    const Owned engine(library, DescriptorKind::Engine);
    Descriptor place = engine.get();
    config.get(AttributeName::ConfigEngine, ElementType::Descriptor, 1, &place);
    return isAllowed(engine.getAll<NumericalNote>(AttributeName::EngineNumericalNotes),
                     engine.getAll<BehaviorNote>(AttributeName::EngineBehaviorNotes), request.precision);
  }

  // An engine and its plan.
  struct Chosen {
    Owned config, plan;
    size_t workspaceBytes;
  };

  Chosen chooseEngine(size_t mostWorkspaceBytes) {
    for (const HeuristicMode mode : {HeuristicMode::Best, HeuristicMode::Fallback}) {
      for (Owned& candidate : enginesBy(mode)) {
        if (!isUsable(candidate)) continue;
        Owned plan(library, DescriptorKind::ExecutionPlan);
        plan.set(AttributeName::PlanHandle, context.get());
        plan.set(AttributeName::PlanConfig, candidate);
        if (!plan.finalizes()) continue;
        int64_t bytes = 0;
        plan.get(AttributeName::PlanWorkspaceBytes, ElementType::Int64, 1, &bytes);
        if (static_cast<size_t>(bytes) <= mostWorkspaceBytes)
          return {std::move(candidate), std::move(plan), static_cast<size_t>(bytes)};
      }
    }
    throw NoEngine();
  }

  const Cudnn& library;
  ConvolutionRequest request;
  std::shared_ptr<Context> context;
  Owned x, kernel, y, convolution, operation, graph;
  Chosen chosen;
  Owned pack;
};

CudnnConvolution::CudnnConvolution(const Cudnn& library, const ConvolutionRequest& request, cudaStream_t stream,
                                   size_t mostWorkspaceBytes)
    : state_(std::make_unique<State>(library, request, stream, mostWorkspaceBytes)) {}

CudnnConvolution::~CudnnConvolution() = default;
CudnnConvolution::CudnnConvolution(CudnnConvolution&&) noexcept = default;
CudnnConvolution& CudnnConvolution::operator=(CudnnConvolution&&) noexcept = default;

size_t CudnnConvolution::workspaceBytes() const { return state_->chosen.workspaceBytes; }

void CudnnConvolution::bind(void* x, void* kernel, void* y, void* workspace) {
  for (const void* address : {x, kernel, y, workspace}) {
    if (reinterpret_cast<uintptr_t>(address) % tensorAlignment != 0)
      throw std::invalid_argument("a convolution by cuDNN: addresses must be divisible by 16");
  }
  if (!x || !kernel || !y) throw std::invalid_argument("a convolution by cuDNN: x, kernel and y must be given");
  if (!workspace && workspaceBytes() > 0)
    throw std::invalid_argument("a convolution by cuDNN: a workspace must be given");
  void* const tensors[] = {x, kernel, y};
  Owned& pack = state_->pack;
  pack.set(AttributeName::PackIds, std::array<int64_t, 3>{idOfX, idOfKernel, idOfY});
  pack.setPointers(AttributeName::PackPointers, 3, tensors);
  pack.setPointers(AttributeName::PackWorkspace, 1, &workspace);
  pack.finalize();
}

void CudnnConvolution::enqueue() const {
  const State& state = *state_;
  state.library.check(state.library.functions().execute(state.context.get(), state.chosen.plan.get(), state.pack.get()),
                      "cudnnBackendExecute");
}

}  // namespace cuda_gan::cuda
