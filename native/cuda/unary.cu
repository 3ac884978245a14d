// y = f(x), element by element, f one of the functions of one number.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Abs {
  __device__ float operator()(float x) const { return fabsf(x); }
};
struct Erf {
  __device__ float operator()(float x) const { return erff(x); }
};
struct Exp {
  __device__ float operator()(float x) const { return expf(x); }
};
struct Log {
  __device__ float operator()(float x) const { return logf(x); }
};
struct Sign {
  __device__ float operator()(float x) const { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
};
struct Sqrt {
  __device__ float operator()(float x) const { return sqrtf(x); }
};
}  // namespace

Kernel unary(const Instruction& op, const Context&) {
  const std::string& kind = op.text("kind");
  if (kind == "abs") return elementwise(op, Abs{});
  if (kind == "erf") return elementwise(op, Erf{});
  if (kind == "exp") return elementwise(op, Exp{});
  if (kind == "log") return elementwise(op, Log{});
  if (kind == "sign") return elementwise(op, Sign{});
  if (kind == "sqrt") return elementwise(op, Sqrt{});
  throw std::logic_error("unary: unknown kind \"" + kind + "\"");
}

}  // namespace cuda_gan::cuda
