// y = f(a, b) with NumPy's broadcasting, f one of the functions of two numbers.
#include "core/box.cuh"
#include "core/functions.cuh"

namespace cuda_gan::cuda {

Kernel binary(const Instruction& op, const Context&) {
  return BinaryFunctions::with(op.text("kind"), [&](auto f) { return broadcasting(op, f); });
}

}  // namespace cuda_gan::cuda
