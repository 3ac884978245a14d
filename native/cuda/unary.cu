// y = f(x), element by element, f one of the functions of one number.
#include "core/elementwise.cuh"
#include "core/functions.cuh"

namespace cuda_gan::cuda {

Kernel unary(const Instruction& op, const Context&) {
  return UnaryFunctions::with(op.text("kind"), [&](auto f) { return elementwise(op, f); });
}

}  // namespace cuda_gan::cuda
