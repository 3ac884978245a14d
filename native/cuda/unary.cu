// y = f(x), element by element, f one of the functions of one number.
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct Abs {
  __device__ float operator()(float x) const { return fabsf(x); }
};
struct Cos {
  __device__ float operator()(float x) const { return cosf(x); }
};
struct Erf {
  __device__ float operator()(float x) const { return erff(x); }
};
struct Exp {
  __device__ float operator()(float x) const { return expf(x); }
};
struct Floor {
  __device__ float operator()(float x) const { return floorf(x); }
};
struct Log {
  __device__ float operator()(float x) const { return logf(x); }
};
struct Sign {
  __device__ float operator()(float x) const { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
};
struct Sin {
  __device__ float operator()(float x) const { return sinf(x); }
};
struct Sqrt {
  __device__ float operator()(float x) const { return sqrtf(x); }
};
}  // namespace

Kernel unary(const Instruction& op, const Context&) {
  const std::string& kind = op.text("kind");
  if (kind == "abs") return elementwise(op, Abs{});
  if (kind == "cos") return elementwise(op, Cos{});
  if (kind == "erf") return elementwise(op, Erf{});
  if (kind == "exp") return elementwise(op, Exp{});
  if (kind == "floor") return elementwise(op, Floor{});
  if (kind == "log") return elementwise(op, Log{});
  if (kind == "sign") return elementwise(op, Sign{});
  if (kind == "sin") return elementwise(op, Sin{});
  if (kind == "sqrt") return elementwise(op, Sqrt{});
  throw std::logic_error("unary: unknown kind \"" + kind + "\"");
}

}  // namespace cuda_gan::cuda
