#include "product.h"

#include "../libraries/cublas-lt.h"

namespace cuda_gan::cuda {

namespace {

// What the library may use for a product.
constexpr size_t workspaceBytes = 32 << 20;

void enqueuePlan(const std::vector<const Launch*>& launches, cudaStream_t stream) {
  static_cast<const CublasLtPlan*>(launches.front()->body.get())->enqueue(stream);
}

}  // namespace

Kernel libraryProduct(const Product& product, const float* bias, float* y, const Context& context) {
  const auto& [extent, a, b, transposeA, transposeB] = product;
  const MatrixProduct request{a.data, b.data, y, extent.m, extent.n, extent.k, transposeA, transposeB, bias, false, context.precision};
  void* workspace = context.workspace(workspaceBytes);
  const auto plan = std::make_shared<CublasLtPlan>(*context.cublasLt, request, workspace, workspaceBytes);
  // The library loads its code at the first call, which may not be under capture. Nothing is in y yet that would be lost.
  plan->enqueue(context.stream);
  return {{enqueuePlan, 1, 1, plan}};
}

}  // namespace cuda_gan::cuda
