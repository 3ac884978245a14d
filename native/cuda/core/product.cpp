#include "product.h"

#include <stdexcept>

#include "../../errors.h"
#include "../libraries/cublas-lt.h"
#include "../runtime/check.h"

namespace cuda_gan::cuda {

namespace {

// What the library may use for a product.
constexpr size_t workspaceBytes = 32 << 20, workspaceAlignment = 256;

void enqueuePlan(const std::vector<const Launch*>& launches, cudaStream_t stream) {
  static_cast<const CublasLtPlan*>(launches.front()->body.get())->enqueue(stream);
}

}  // namespace

std::optional<Kernel> libraryProduct(const Product& product, const float* bias, float* y, const Context& context) {
  if (!suitsLibrary(product)) return {};
  std::string reason;
  const CublasLt* library = CublasLt::find(currentGpu(), &reason);
  const auto ownKernels = [&](const std::string& why) -> std::optional<Kernel> {
    context.remark("cuBLASLt fails, so the package's own kernels compute products: " + why);
    return {};
  };
  if (library == nullptr) return reason.empty() ? std::nullopt : ownKernels(reason);
  const auto& [extent, a, b, transposeA, transposeB] = product;
  const MatrixProduct request{a.data, b.data, y, extent.m, extent.n, extent.k, transposeA, transposeB, bias, false, context.precision};
  try {
    // The first plan is only asked how much of a workspace it would use.
    void* anywhere = reinterpret_cast<void*>(workspaceAlignment);
    const size_t bytes = CublasLtPlan(*library, request, anywhere, workspaceBytes).workspaceBytes();
    void* workspace = bytes == 0 ? nullptr : context.workspace(bytes);
    const auto plan = std::make_shared<CublasLtPlan>(*library, request, workspace, bytes);
    // The library loads its code at the first call, which may not be under capture. Nothing is in y yet that would be lost.
    plan->enqueue(context.stream);
    awaitFirstCall(context.stream, "cuBLASLt");
    return Kernel{{enqueuePlan, 1, 1, plan}};
  } catch (const CodedError&) {
    throw;
  } catch (const std::runtime_error& error) {
    return ownKernels(error.what());
  }
}

}  // namespace cuda_gan::cuda
