#include "cublas-lt.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "functions.h"
#include "per-gpu.h"
#include "search.h"

namespace cuda_gan::cuda {

using namespace cublas_lt;

namespace {

// cuBLASLt takes an alignment of 256 bytes for granted unless it is told of less.
constexpr uintptr_t bestAlignment = 256;
// An epilogue may read the bias as vectors of 16 bytes. No preference tells cuBLASLt of less; its headers say that it
// looks at the address itself, but kernels have failed with "misaligned address" (pytorch/pytorch#194497).
constexpr uintptr_t biasAlignment = 16;
// Algorithms to choose from: the first whose state is Success is the fastest by cuBLASLt's estimate.
constexpr int wantedAlgorithms = 8;

uint32_t alignmentOf(const void* memory) {
  const auto address = reinterpret_cast<uintptr_t>(memory) | bestAlignment;
  return static_cast<uint32_t>(address & ~(address - 1));
}

bool aligned(const void* memory, uintptr_t bytes) { return reinterpret_cast<uintptr_t>(memory) % bytes == 0; }

void checkArguments(const MatrixProduct& product, const void* workspace, size_t workspaceBytes) {
  const auto require = [](bool condition, const char* message) {
    if (!condition) throw std::invalid_argument(std::string("a product by cuBLASLt: ") + message);
  };
  const auto [smallest, largest] = std::minmax({product.m, product.n, product.k});
  require(smallest > 0, "m, n and k must be positive");
  require(largest <= std::numeric_limits<int32_t>::max(), "m, n and k must fit into 32 bits");
  require(product.a && product.b && product.y, "a, b and y must be given");
  require(aligned(product.a, 4) && aligned(product.b, 4) && aligned(product.y, 4), "a, b and y must be aligned");
  require(aligned(product.bias, biasAlignment), "the bias must be at an address divisible by 16");
  require(workspace || workspaceBytes == 0, "a workspace of some bytes must have an address");
  require(aligned(workspace, bestAlignment), "the workspace must be at an address divisible by 256");
}

ComputeType computeType(Precision precision) {
  switch (precision) {
    case Precision::Tf32: return ComputeType::FastTf32;
    case Precision::BFloat16: return ComputeType::FastBFloat16;
    default: return ComputeType::Float32;
  }
}

Epilogue epilogueOf(const MatrixProduct& product) {
  if (product.bias) return product.relu ? Epilogue::ReluBias : Epilogue::Bias;
  return product.relu ? Epilogue::Relu : Epilogue::Default;
}

// An object of the library's, destroyed by the function that goes with it.
template <typename T>
using Owned = std::unique_ptr<T, Status (*)(T*)>;

}  // namespace

CublasLt* CublasLt::find(int gpu, std::string* reason) {
  struct Outcome {
    std::unique_ptr<CublasLt> library;
    std::string reason;
  };
  // Never destroyed: when static objects are, the driver may be gone already.
  static auto& outcomes = *new PerGpu<Outcome>([](int of) {
    const Library& loaded = cublasLtLibrary(of);
    Functions functions{};
    Context* context = nullptr;
    if (!loaded.handle) return Outcome{nullptr, whyMissed(loaded)};
    if (const char* missing = loadFunctions(loaded.handle, functions)) return Outcome{nullptr, loaded.report.path + " has no " + missing};
    if (const Status status = functions.create(&context); status != Status::Success)
      return Outcome{nullptr, loaded.report.path + ": cublasLtCreate: " + functions.getStatusName(status)};
    return Outcome{std::unique_ptr<CublasLt>(new CublasLt(functions, context)), ""};
  });

  const Outcome& outcome = outcomes.on(gpu);
  if (reason) *reason = outcome.reason;
  return outcome.library.get();
}

void CublasLt::check(Status status, const char* function) const {
  if (status == Status::Success) return;
  throw std::runtime_error(std::string(function) + ": " + functions_.getStatusName(status) + " (" +
                           functions_.getStatusString(status) + ")");
}

// cuBLASLt counts by columns: to it, a row-major matrix is its transpose. So it is asked for yᵀ = op(b)ᵀ · op(a)ᵀ,
// where its first operand is our b and its second our a. The bias runs along the rows of yᵀ, as its epilogue wants.
struct CublasLtPlan::State {
  State(const CublasLt& cublasLt, const MatrixProduct& wanted, void* memory, size_t memoryBytes)
      : library(cublasLt),
        product(wanted),
        workspace(memory),
        descriptor(createDescriptor()),
        first(createLayout(wanted.transposeB ? wanted.k : wanted.n, wanted.transposeB ? wanted.n : wanted.k)),
        second(createLayout(wanted.transposeA ? wanted.m : wanted.k, wanted.transposeA ? wanted.k : wanted.m)),
        result(createLayout(wanted.n, wanted.m)) {
    describe();
    chooseAlgorithm(memoryBytes);
  }

  Owned<Product> createDescriptor() const {
    Product* created = nullptr;
    library.check(library.functions().productCreate(&created, computeType(product.precision), DataType::Float32),
                  "cublasLtMatmulDescCreate");
    return {created, library.functions().productDestroy};
  }

  // By columns, so the rows without gaps between them are the leading dimension.
  Owned<Layout> createLayout(int64_t rows, int64_t columns) const {
    Layout* created = nullptr;
    library.check(library.functions().layoutCreate(&created, DataType::Float32, static_cast<uint64_t>(rows),
                                                   static_cast<uint64_t>(columns), rows),
                  "cublasLtMatrixLayoutCreate");
    return {created, library.functions().layoutDestroy};
  }

  template <typename T>
  void set(ProductAttribute attribute, T value) const {
    library.check(library.functions().productSetAttribute(descriptor.get(), attribute, &value, sizeof(value)),
                  "cublasLtMatmulDescSetAttribute");
  }

  void describe() const {
    const auto operation = [](bool transpose) { return transpose ? Operation::Transpose : Operation::None; };
    set(ProductAttribute::TransposeA, operation(product.transposeB));
    set(ProductAttribute::TransposeB, operation(product.transposeA));
    set(ProductAttribute::Epilogue, epilogueOf(product));
    // Before an algorithm is chosen, which depends on the alignment of this address.
    if (product.bias) set(ProductAttribute::BiasPointer, static_cast<const void*>(product.bias));
  }

  Owned<Preference> createPreference(uint64_t memoryBytes) const {
    Preference* created = nullptr;
    library.check(library.functions().preferenceCreate(&created), "cublasLtMatmulPreferenceCreate");
    Owned<Preference> preference{created, library.functions().preferenceDestroy};
    const auto prefer = [&](PreferenceAttribute attribute, auto value) {
      library.check(library.functions().preferenceSetAttribute(created, attribute, &value, sizeof(value)),
                    "cublasLtMatmulPreferenceSetAttribute");
    };
    prefer(PreferenceAttribute::MaxWorkspaceBytes, memoryBytes);
    prefer(PreferenceAttribute::MinAlignmentBytesA, alignmentOf(product.b));
    prefer(PreferenceAttribute::MinAlignmentBytesB, alignmentOf(product.a));
    prefer(PreferenceAttribute::MinAlignmentBytesC, alignmentOf(product.y));
    prefer(PreferenceAttribute::MinAlignmentBytesD, alignmentOf(product.y));
    return preference;
  }

  void chooseAlgorithm(size_t memoryBytes) {
    const Owned<Preference> preference = createPreference(memoryBytes);
    std::array<Heuristic, wantedAlgorithms> found{};
    int count = 0;
    library.check(library.functions().getHeuristic(library.context(), descriptor.get(), first.get(), second.get(),
                                                   result.get(), result.get(), preference.get(), wantedAlgorithms,
                                                   found.data(), &count),
                  "cublasLtMatmulAlgoGetHeuristic");
    const auto end = found.begin() + count;
    const auto usable = [](const Heuristic& heuristic) { return heuristic.state == Status::Success; };
    const auto best = std::find_if(found.begin(), end, usable);
    if (best == end) throw std::runtime_error("cublasLtMatmulAlgoGetHeuristic: no algorithm for this product");
    chosen = *best;
  }

  const CublasLt& library;
  MatrixProduct product;
  void* workspace;
  Owned<Product> descriptor;
  Owned<Layout> first, second, result;
  Heuristic chosen{};
};

CublasLtPlan::CublasLtPlan(const CublasLt& library, const MatrixProduct& product, void* workspace,
                           size_t workspaceBytes) {
  checkArguments(product, workspace, workspaceBytes);
  state_ = std::make_unique<State>(library, product, workspace, workspaceBytes);
}

CublasLtPlan::~CublasLtPlan() = default;
CublasLtPlan::CublasLtPlan(CublasLtPlan&&) noexcept = default;
CublasLtPlan& CublasLtPlan::operator=(CublasLtPlan&&) noexcept = default;

void CublasLtPlan::enqueue(cudaStream_t stream) const {
  const State& plan = *state_;
  const MatrixProduct& product = plan.product;
  // Read before the call returns.
  const float one = 1, zero = 0;
  plan.library.check(
      plan.library.functions().multiply(plan.library.context(), plan.descriptor.get(), &one, product.b,
                                        plan.first.get(), product.a, plan.second.get(), &zero, product.y,
                                        plan.result.get(), product.y, plan.result.get(), &plan.chosen.algorithm,
                                        plan.workspace, plan.chosen.workspaceBytes, stream),
      "cublasLtMatmul");
}

size_t CublasLtPlan::workspaceBytes() const { return state_->chosen.workspaceBytes; }

}  // namespace cuda_gan::cuda
