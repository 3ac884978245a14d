// y = f(a, b) with NumPy's broadcasting, f one of the functions of two numbers. Maximum and minimum are NaN where either is.
#include "core/box.cuh"

namespace cuda_gan::cuda {

namespace {
struct Add {
  __device__ float operator()(float a, float b) const { return a + b; }
};
struct Divide {
  __device__ float operator()(float a, float b) const { return a / b; }
};
struct Equal {
  __device__ float operator()(float a, float b) const { return a == b ? 1.0f : 0.0f; }
};
struct Greater {
  __device__ float operator()(float a, float b) const { return a > b ? 1.0f : 0.0f; }
};
struct Maximum {
  __device__ float operator()(float a, float b) const { return a > b || a != a ? a : b; }
};
struct Minimum {
  __device__ float operator()(float a, float b) const { return a < b || a != a ? a : b; }
};
struct Multiply {
  __device__ float operator()(float a, float b) const { return a * b; }
};
struct Subtract {
  __device__ float operator()(float a, float b) const { return a - b; }
};
}  // namespace

Kernel binary(const Instruction& op, const Context&) {
  const std::string& kind = op.text("kind");
  if (kind == "add") return broadcasting(op, Add{});
  if (kind == "divide") return broadcasting(op, Divide{});
  if (kind == "equal") return broadcasting(op, Equal{});
  if (kind == "greater") return broadcasting(op, Greater{});
  if (kind == "maximum") return broadcasting(op, Maximum{});
  if (kind == "minimum") return broadcasting(op, Minimum{});
  if (kind == "multiply") return broadcasting(op, Multiply{});
  if (kind == "subtract") return broadcasting(op, Subtract{});
  throw std::logic_error("binary: unknown kind \"" + kind + "\"");
}

}  // namespace cuda_gan::cuda
