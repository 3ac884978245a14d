// y = f(a, b) with NumPy's broadcasting, f one of the functions of two numbers. Maximum and minimum are NaN where either is.
#include "core/broadcast.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel binary(const Instruction& op, const Context&) {
  const std::string& kind = op.text("kind");
  if (kind == "add") return broadcasting(op, [](Vec a, Vec b) { return a + b; });
  if (kind == "divide") return broadcasting(op, [](Vec a, Vec b) { return a / b; });
  if (kind == "equal") return broadcasting(op, [](Vec a, Vec b) { return select(a == b, splat(1.0f), splat(0.0f)); });
  if (kind == "greater") return broadcasting(op, [](Vec a, Vec b) { return select(a > b, splat(1.0f), splat(0.0f)); });
  if (kind == "maximum") return broadcasting(op, [](Vec a, Vec b) { return select((a > b) | (a != a), a, b); });
  if (kind == "minimum") return broadcasting(op, [](Vec a, Vec b) { return select((a < b) | (a != a), a, b); });
  if (kind == "multiply") return broadcasting(op, [](Vec a, Vec b) { return a * b; });
  if (kind == "subtract") return broadcasting(op, [](Vec a, Vec b) { return a - b; });
  throw std::logic_error("binary: unknown kind \"" + kind + "\"");
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
