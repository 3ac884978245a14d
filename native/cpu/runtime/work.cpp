#include "work.h"

#include <algorithm>

namespace cuda_gan::cpu {

namespace {

constexpr int64_t perElement = 4;  // to write an element of a tensor takes as long as so many multiplications
constexpr int64_t leastRows = 4;   // a product of fewer rows takes as long as one of so many: it waits for B

int64_t sizeOf(const TensorSpec& tensor) {
  int64_t size = 1;
  for (int64_t dimension : tensor.shape) size *= dimension;
  return size;
}

bool startsWith(const std::string& op, const char* start) { return op.rfind(start, 0) == 0; }
bool isProduct(const std::string& op) { return startsWith(op, "matmul") || startsWith(op, "dense"); }

// Each element of the kernel meets each output place of the convolution.
int64_t convolutionWork(const InstructionSpec& instruction, const std::vector<TensorSpec>& tensors) {
  const std::string& op = instruction.op;
  const auto input = [&](size_t i) -> const TensorSpec& { return tensors.at(instruction.inputs.at(i)); };
  const TensorSpec& output = tensors.at(instruction.outputs.at(0));
  const auto placesOf = [](const TensorSpec& images) { return sizeOf(images) / std::max<int64_t>(1, images.shape.at(3)); };
  if (op == "conv2dKernelGradientAdam") return sizeOf(output) * placesOf(input(4));
  if (op == "conv2dKernelGradient") return sizeOf(output) * placesOf(input(1));
  return sizeOf(input(1)) * placesOf(startsWith(op, "conv2dInputGradient") ? input(0) : output);
}

int64_t workOf(const InstructionSpec& instruction, const std::vector<TensorSpec>& tensors) {
  int64_t work = 0;
  for (size_t i : instruction.outputs) work += perElement * sizeOf(tensors.at(i));
  if (startsWith(instruction.op, "conv2d")) return work + convolutionWork(instruction, tensors);
  if (!isProduct(instruction.op)) return work;
  // C [m, n] = A [m, k] · B [k, n]
  const TensorSpec& a = tensors.at(instruction.inputs.at(instruction.op == "matmulAdam" ? 3 : 0));
  const TensorSpec& c = tensors.at(instruction.outputs.at(0));
  const int64_t m = std::max<int64_t>(c.shape.at(0), 1), n = c.shape.at(1), k = sizeOf(a) / m;
  return work + std::max(m, leastRows) * n * k;
}

}  // namespace

int64_t workOf(const Program& program) {
  int64_t work = 0;
  for (const InstructionSpec& instruction : program.instructions) work += workOf(instruction, program.tensors);
  return work;
}

}  // namespace cuda_gan::cpu
