// Matrix products by NVIDIA's cuBLASLt, where that library is found.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "../precision.h"
#include "api.h"

namespace cuda_gan::cuda {

// y [m, n] = op(a) · op(b) (+ bias) (then max(·, 0)), all row-major and without gaps, in the GPU's memory.
// op(a) is [m, k]: a itself, or the transpose of a [k, m]. op(b) is [k, n]: b itself, or the transpose of b [n, k].
// Whether max(·, 0) lets a NaN through is not documented.
struct MatrixProduct {
  const float* a;
  const float* b;
  float* y;
  int64_t m, n, k;
  bool transposeA, transposeB;
  const float* bias;  // [n], added to every row, or nullptr; at an address divisible by 16
  bool relu;
  Precision precision;
};

// The library, with a context for one GPU.
class CublasLt {
 public:
  // The one for the current GPU, whose number is `gpu`; made by the first call and kept for the life of the process.
  // nullptr when the library is not there or does not work with this driver; `reason` then says why, and is empty where
  // there simply is none (whyMissed).
  static CublasLt* find(int gpu, std::string* reason = nullptr);

  const cublas_lt::Functions& functions() const { return functions_; }
  cublas_lt::Context* context() const { return context_; }

  // Throws std::runtime_error that names the function and the status, unless that is Success.
  void check(cublas_lt::Status status, const char* function) const;

 private:
  CublasLt(const cublas_lt::Functions& functions, cublas_lt::Context* context)
      : functions_(functions), context_(context) {}

  cublas_lt::Functions functions_;
  cublas_lt::Context* context_;
};

// A product that is prepared once, for these addresses, and then enqueued any number of times.
class CublasLtPlan {
 public:
  // The workspace is memory of the GPU that nothing else uses while the product runs, at an address divisible by 256;
  // nullptr and 0 for none. Throws std::invalid_argument when a size or an address cannot be used, and
  // std::runtime_error when the library fails or has no algorithm for this.
  CublasLtPlan(const CublasLt& library, const MatrixProduct& product, void* workspace, size_t workspaceBytes);
  ~CublasLtPlan();
  CublasLtPlan(CublasLtPlan&&) noexcept;
  CublasLtPlan& operator=(CublasLtPlan&&) noexcept;

  // Allocates nothing and waits for nothing, so a stream that is being captured is fine. The first call may load the
  // kernel into the GPU, which a capture may not allow: enqueue once before.
  void enqueue(cudaStream_t stream) const;

  // What the algorithm chosen uses of the workspace.
  size_t workspaceBytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cuda_gan::cuda
