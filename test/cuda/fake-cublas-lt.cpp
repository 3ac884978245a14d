// A stand-in for cuBLASLt that multiplies on the host and at host addresses, for machines without a GPU: in the order of
// the stream where test/cuda-emulator/ provides streams, else at once.
//
// It is stricter than the library: whatever it is handed must make sense, and what a call promised (alignment,
// workspace, the algorithm's own product) must hold in later calls. It says what it found wrong in
// fakeCublasLtComplaint(). It fills the workspace it asked for with NaNs, so that a workspace shared with data shows.
//
// Built as libcublasLt.so.13 and named to the device by CUDA_GAN_LIB_DIR.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "libraries/api.h"

#ifndef FAKE_CUBLAS_LT_VERSION
#define FAKE_CUBLAS_LT_VERSION 130000
#endif

namespace cuda_gan::cuda::cublas_lt {

struct Context {
  uint64_t mark;
};

struct Layout {
  uint64_t mark;
  DataType type;
  uint64_t rows, columns;
  int64_t leadingDimension;
};

struct Product {
  uint64_t mark;
  ComputeType compute;
  DataType scale;
  Operation transposeA, transposeB;
  Epilogue epilogue;
  const float* bias;
};

struct Preference {
  uint64_t mark;
  uint64_t maxWorkspaceBytes;
  uint32_t alignments[4];  // of a, b, c, d
};

}  // namespace cuda_gan::cuda::cublas_lt

using namespace cuda_gan::cuda::cublas_lt;

namespace {

// The first member of every object, so that a wrong or destroyed one is noticed.
constexpr uint64_t contextMark = 0xC0, layoutMark = 0x1A, productMark = 0x9C, preferenceMark = 0x9F;
constexpr uint64_t algorithmMark = 0xA1;
constexpr uint64_t splitDepth = 256, splitWorkspaceBytes = 4096, workspaceAlignment = 256;

int64_t liveObjects = 0;
int64_t products = 0;
const char* complaint = "";

Status refuse(Status status, const char* reason) {
  complaint = reason;
  return status;
}

template <typename T>
bool is(const T* object, uint64_t mark) {
  return object && object->mark == mark;
}

template <typename T>
Status hand(T** target, T object) {
  if (!target) return refuse(Status::InvalidValue, "no place for the new object");
  *target = new T(object);
  liveObjects++;
  return Status::Success;
}

template <typename T>
Status destroy(T* object, uint64_t mark) {
  if (!is(object, mark)) return refuse(Status::InvalidValue, "the object to destroy is none of that kind");
  object->mark = 0;
  delete object;
  liveObjects--;
  return Status::Success;
}

template <typename T>
Status store(T& target, const void* value, size_t bytes) {
  if (!value || bytes != sizeof(T)) return refuse(Status::InvalidValue, "the value of an attribute has another size");
  std::memcpy(&target, value, bytes);
  return Status::Success;
}

bool isFloatMatrix(const Layout* layout) {
  return is(layout, layoutMark) && layout->type == DataType::Float32 && layout->rows > 0 && layout->columns > 0 &&
         layout->leadingDimension >= 0 && static_cast<uint64_t>(layout->leadingDimension) >= layout->rows;
}

template <typename T>
bool isOneOf(T value, std::initializer_list<T> values) {
  for (const T candidate : values)
    if (value == candidate) return true;
  return false;
}

bool hasBias(const Product& product) { return isOneOf(product.epilogue, {Epilogue::Bias, Epilogue::ReluBias}); }
bool hasRelu(const Product& product) { return isOneOf(product.epilogue, {Epilogue::Relu, Epilogue::ReluBias}); }

uint64_t rowsOf(const Layout& layout, Operation op) { return op == Operation::None ? layout.rows : layout.columns; }
uint64_t columnsOf(const Layout& layout, Operation op) { return op == Operation::None ? layout.columns : layout.rows; }

// The description of one call, as far as it is the same for the heuristic and for the product.
struct Call {
  const Context* context;
  const Product* product;
  const Layout *a, *b, *c, *d;

  Status check() const {
    if (!is(context, contextMark)) return refuse(Status::NotInitialized, "no context");
    if (!is(product, productMark)) return refuse(Status::InvalidValue, "no description of a product");
    if (!isOneOf(product->compute, {ComputeType::Float32, ComputeType::FastTf32, ComputeType::FastBFloat16}) ||
        product->scale != DataType::Float32) {
      return refuse(Status::NotSupported, "a type of computation that is not one of ours");
    }
    if (!isOneOf(product->transposeA, {Operation::None, Operation::Transpose}) ||
        !isOneOf(product->transposeB, {Operation::None, Operation::Transpose})) {
      return refuse(Status::InvalidValue, "an operation that does not exist");
    }
    if (!isOneOf(product->epilogue, {Epilogue::Default, Epilogue::Relu, Epilogue::Bias, Epilogue::ReluBias}))
      return refuse(Status::NotSupported, "an epilogue that is not one of ours");
    if (hasBias(*product) != (product->bias != nullptr))
      return refuse(Status::InvalidValue, "a bias without its epilogue, or the other way round");
    for (const Layout* layout : {a, b, c, d})
      if (!isFloatMatrix(layout)) return refuse(Status::InvalidValue, "a layout that is no float32 matrix");
    if (rowsOf(*a, product->transposeA) != d->rows || columnsOf(*b, product->transposeB) != d->columns ||
        columnsOf(*a, product->transposeA) != rowsOf(*b, product->transposeB) || c->rows != d->rows ||
        c->columns != d->columns) {
      return refuse(Status::InvalidValue, "shapes that do not fit together");
    }
    return Status::Success;
  }

  uint64_t depth() const { return columnsOf(*a, product->transposeA); }

  uint64_t fingerprint() const {
    uint64_t hash = 14695981039346656037u;
    const auto mix = [&](uint64_t value) { hash = (hash ^ value) * 1099511628211u; };
    for (const Layout* layout : {a, b, c, d}) {
      mix(layout->rows);
      mix(layout->columns);
      mix(static_cast<uint64_t>(layout->leadingDimension));
    }
    mix(static_cast<uint64_t>(product->compute));
    mix(static_cast<uint64_t>(product->transposeA));
    mix(static_cast<uint64_t>(product->transposeB));
    mix(static_cast<uint64_t>(product->epilogue));
    return hash;
  }
};

// What an algorithm remembers of the search that found it.
struct Choice {
  uint64_t mark, fingerprint, workspaceBytes, biasAlignment;
  uint32_t alignments[4];
};
static_assert(sizeof(Choice) <= sizeof(Algorithm));

uint64_t alignmentOf(const void* memory) {
  const auto address = reinterpret_cast<uintptr_t>(memory) | 256;
  return address & ~(address - 1);
}

bool aligned(const void* memory, uint64_t bytes) { return reinterpret_cast<uintptr_t>(memory) % bytes == 0; }

struct Range {
  const float *begin, *end;
  bool overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
};

Range rangeOf(const void* data, const Layout& layout) {
  const auto* begin = static_cast<const float*>(data);
  return {begin, begin + static_cast<uint64_t>(layout.leadingDimension) * (layout.columns - 1) + layout.rows};
}

float element(const void* data, const Layout& layout, Operation op, uint64_t row, uint64_t column) {
  if (op == Operation::Transpose) std::swap(row, column);
  return static_cast<const float*>(data)[row + column * static_cast<uint64_t>(layout.leadingDimension)];
}

// To `bits` bits of mantissa, to the nearest, to even between two. The hardware may cut off instead for TF32.
float rounded(float value, int bits) {
  if (!std::isfinite(value)) return value;
  uint32_t word;
  std::memcpy(&word, &value, sizeof(word));
  const int dropped = 23 - bits;
  word += (1u << (dropped - 1)) - 1 + (word >> dropped & 1);
  word &= ~0u << dropped;
  std::memcpy(&value, &word, sizeof(word));
  return value;
}

float operand(float value, ComputeType compute) {
  if (compute == ComputeType::FastTf32) return rounded(value, 10);
  if (compute == ComputeType::FastBFloat16) return rounded(value, 7);
  return value;
}

void compute(const Call& call, float alpha, const void* a, const void* b, float beta, const void* c, void* d) {
  const Product& product = *call.product;
  for (uint64_t column = 0; column < call.d->columns; column++) {
    for (uint64_t row = 0; row < call.d->rows; row++) {
      double sum = 0;
      for (uint64_t i = 0; i < call.depth(); i++) {
        sum += static_cast<double>(operand(element(a, *call.a, product.transposeA, row, i), product.compute)) *
               operand(element(b, *call.b, product.transposeB, i, column), product.compute);
      }
      auto value = static_cast<float>(alpha * sum);
      if (beta != 0) value += beta * element(c, *call.c, Operation::None, row, column);
      if (hasBias(product)) value += product.bias[row];
      if (hasRelu(product) && value < 0) value = 0;
      static_cast<float*>(d)[row + column * static_cast<uint64_t>(call.d->leadingDimension)] = value;
    }
  }
}

}  // namespace

// What a kernel does wrong shows when the stream is waited for: in the emulator, as the error whose number FAKE_CUBLAS_LT_FAULT is.
void failLater() {
  const char* error = std::getenv("FAKE_CUBLAS_LT_FAULT");
  if (error != nullptr) setenv("CUDA_EMULATOR_FAIL", (std::string("cudaStreamSynchronize=") + error).c_str(), 1);
}

// The emulator names its function by its address: this library cannot see the symbols of an addon.
void enqueue(cudaStream_t stream, std::function<void()> work) {
  using Enqueue = void (*)(cudaStream_t, std::function<void()>);
  const char* address = std::getenv("CUDA_EMULATOR_ENQUEUE");
  if (address == nullptr) return work();
  reinterpret_cast<Enqueue>(std::strtoull(address, nullptr, 10))(stream, std::move(work));
}

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int64_t fakeCublasLtLiveObjects() { return liveObjects; }
EXPORTED int64_t fakeCublasLtProducts() { return products; }
EXPORTED const char* fakeCublasLtComplaint() { return complaint; }

EXPORTED size_t cublasLtGetVersion() { return FAKE_CUBLAS_LT_VERSION; }

EXPORTED const char* cublasLtGetStatusName(Status status) {
  switch (status) {
    case Status::Success: return "CUBLAS_STATUS_SUCCESS";
    case Status::NotInitialized: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case Status::InvalidValue: return "CUBLAS_STATUS_INVALID_VALUE";
    case Status::NotSupported: return "CUBLAS_STATUS_NOT_SUPPORTED";
  }
  return "CUBLAS_STATUS_UNKNOWN";
}

EXPORTED const char* cublasLtGetStatusString(Status) { return complaint; }

// As a library does for which the driver is too old: that of the major version FAKE_CUBLAS_LT_REFUSES.
EXPORTED Status cublasLtCreate(Context** context) {
  const char* refusing = std::getenv("FAKE_CUBLAS_LT_REFUSES");
  if (refusing && std::atoi(refusing) == FAKE_CUBLAS_LT_VERSION / 10000) return Status::NotInitialized;
  return hand(context, Context{contextMark});
}

EXPORTED Status cublasLtDestroy(Context* context) { return destroy(context, contextMark); }

EXPORTED Status cublasLtMatmulDescCreate(Product** product, ComputeType compute, DataType scale) {
  const Operation none = Operation::None;
  return hand(product, Product{productMark, compute, scale, none, none, Epilogue::Default, nullptr});
}

EXPORTED Status cublasLtMatmulDescDestroy(Product* product) { return destroy(product, productMark); }

EXPORTED Status cublasLtMatmulDescSetAttribute(Product* product, ProductAttribute attribute, const void* value,
                                               size_t bytes) {
  if (!is(product, productMark)) return refuse(Status::InvalidValue, "no description of a product");
  switch (attribute) {
    case ProductAttribute::TransposeA: return store(product->transposeA, value, bytes);
    case ProductAttribute::TransposeB: return store(product->transposeB, value, bytes);
    case ProductAttribute::Epilogue: return store(product->epilogue, value, bytes);
    case ProductAttribute::BiasPointer: return store(product->bias, value, bytes);
  }
  return refuse(Status::InvalidValue, "an attribute of a product that is not one of ours");
}

EXPORTED Status cublasLtMatrixLayoutCreate(Layout** layout, DataType type, uint64_t rows, uint64_t columns,
                                           int64_t leadingDimension) {
  return hand(layout, Layout{layoutMark, type, rows, columns, leadingDimension});
}

EXPORTED Status cublasLtMatrixLayoutDestroy(Layout* layout) { return destroy(layout, layoutMark); }

EXPORTED Status cublasLtMatmulPreferenceCreate(Preference** preference) {
  return hand(preference, Preference{preferenceMark, 0, {256, 256, 256, 256}});
}

EXPORTED Status cublasLtMatmulPreferenceDestroy(Preference* preference) { return destroy(preference, preferenceMark); }

EXPORTED Status cublasLtMatmulPreferenceSetAttribute(Preference* preference, PreferenceAttribute attribute,
                                                     const void* value, size_t bytes) {
  if (!is(preference, preferenceMark)) return refuse(Status::InvalidValue, "no preference");
  switch (attribute) {
    case PreferenceAttribute::MaxWorkspaceBytes: return store(preference->maxWorkspaceBytes, value, bytes);
    case PreferenceAttribute::MinAlignmentBytesA: return store(preference->alignments[0], value, bytes);
    case PreferenceAttribute::MinAlignmentBytesB: return store(preference->alignments[1], value, bytes);
    case PreferenceAttribute::MinAlignmentBytesC: return store(preference->alignments[2], value, bytes);
    case PreferenceAttribute::MinAlignmentBytesD: return store(preference->alignments[3], value, bytes);
  }
  return refuse(Status::InvalidValue, "an attribute of a preference that is not one of ours");
}

// Finds an algorithm that does not work, which callers must pass over, and one that does.
EXPORTED Status cublasLtMatmulAlgoGetHeuristic(Context* context, Product* product, Layout* a, Layout* b, Layout* c,
                                               Layout* d, Preference* preference, int wanted, Heuristic* found,
                                               int* count) {
  const Call call{context, product, a, b, c, d};
  if (const Status status = call.check(); status != Status::Success) return status;
  if (!is(preference, preferenceMark)) return refuse(Status::InvalidValue, "no preference");
  if (wanted < 1 || !found || !count) return refuse(Status::InvalidValue, "no place for algorithms");
  for (const uint32_t alignment : preference->alignments)
    if (alignment < sizeof(float) || alignment > 256 || (alignment & (alignment - 1)) != 0)
      return refuse(Status::InvalidValue, "an alignment that is none of floats");

  *count = 0;
  if (wanted > 1) found[(*count)++] = Heuristic{{}, 0, Status::NotSupported, 0, {}};
  const bool splits = call.depth() >= splitDepth && preference->maxWorkspaceBytes >= splitWorkspaceBytes;
  Choice choice{algorithmMark, call.fingerprint(), splits ? splitWorkspaceBytes : 0, alignmentOf(product->bias), {}};
  std::memcpy(choice.alignments, preference->alignments, sizeof(choice.alignments));
  Heuristic& heuristic = found[(*count)++] = Heuristic{{}, choice.workspaceBytes, Status::Success, 1, {}};
  std::memcpy(&heuristic.algorithm, &choice, sizeof(choice));
  return Status::Success;
}

EXPORTED Status cublasLtMatmul(Context* context, Product* product, const void* alpha, const void* a, Layout* layoutA,
                               const void* b, Layout* layoutB, const void* beta, const void* c, Layout* layoutC,
                               void* d, Layout* layoutD, const Algorithm* algorithm, void* workspace,
                               size_t workspaceBytes, cudaStream_t stream) {
  const Call call{context, product, layoutA, layoutB, layoutC, layoutD};
  if (const Status status = call.check(); status != Status::Success) return status;
  if (!alpha || !beta || !a || !b || !c || !d) return refuse(Status::InvalidValue, "an address is missing");

  Choice choice{};
  if (algorithm) std::memcpy(&choice, algorithm, sizeof(choice));
  if (choice.mark != algorithmMark || choice.fingerprint != call.fingerprint())
    return refuse(Status::InvalidValue, "the algorithm was found for another product");
  const void* operands[] = {a, b, c, d};
  for (int i = 0; i < 4; i++)
    if (!aligned(operands[i], choice.alignments[i]))
      return refuse(Status::InvalidValue, "an operand is less aligned than the search was told");
  if (hasBias(*product) && !aligned(product->bias, choice.biasAlignment))
    return refuse(Status::InvalidValue, "the bias is less aligned than in the search");
  if (workspaceBytes < choice.workspaceBytes || (choice.workspaceBytes > 0 && !workspace))
    return refuse(Status::InvalidValue, "the workspace is too small");
  if (!aligned(workspace, workspaceAlignment))
    return refuse(Status::InvalidValue, "the workspace is not at an address divisible by 256");
  const Range result = rangeOf(d, *layoutD);
  if (result.overlaps(rangeOf(a, *layoutA)) || result.overlaps(rangeOf(b, *layoutB)) ||
      (hasBias(*product) && result.overlaps({product->bias, product->bias + layoutD->rows}))) {
    return refuse(Status::InvalidValue, "the result overlaps an operand");
  }

  const float factor = *static_cast<const float*>(alpha), added = *static_cast<const float*>(beta);
  enqueue(stream, [=] {
    for (uint64_t i = 0; i < choice.workspaceBytes / sizeof(float); i++)
      static_cast<float*>(workspace)[i] = std::numeric_limits<float>::quiet_NaN();
    compute(call, factor, a, b, added, c, d);
    products++;
    // For scripts, which cannot call fakeCublasLtProducts().
    setenv("FAKE_CUBLAS_LT_PRODUCTS", std::to_string(products).c_str(), 1);
  });
  failLater();
  return Status::Success;
}

// The stand-in has the functions that the device calls, as it calls them.
#define SAME_TYPE(member, name) static_assert(std::is_same_v<decltype(&name), decltype(Functions::member)>);
CUDA_GAN_CUBLAS_LT_FUNCTIONS(SAME_TYPE)
