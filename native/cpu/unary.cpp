// y = f(x), element by element, f one of the functions of one number.
#include "core/elementwise.h"
#include "core/math.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

Kernel unary(const Instruction& op, const Context&) {
  const std::string& kind = op.text("kind");
  if (kind == "abs") return elementwise(op, [](Vec x) { return abs(x); });
  if (kind == "cos") return elementwise(op, [](Vec x) { return cos(x); });
  if (kind == "erf") return elementwise(op, [](Vec x) { return erf(x); });
  if (kind == "exp") return elementwise(op, [](Vec x) { return exp(x); });
  if (kind == "floor") return elementwise(op, [](Vec x) { return floor(x); });
  if (kind == "log") return elementwise(op, [](Vec x) { return log(x); });
  if (kind == "sign") return elementwise(op, [](Vec x) { return select(x > 0, splat(1.0f), select(x < 0, splat(-1.0f), x)); });
  if (kind == "sin") return elementwise(op, [](Vec x) { return sin(x); });
  if (kind == "sqrt") return elementwise(op, [](Vec x) { return sqrt(x); });
  throw std::logic_error("unary: unknown kind \"" + kind + "\"");
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
