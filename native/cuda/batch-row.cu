// y = rows[step mod n].
#include "core/elementwise.cuh"

namespace cuda_gan::cuda {

namespace {
struct BatchRow {
  const int32_t* rows;
  int32_t* y;
  uint64_t count;
  int64_t length;
  CurrentStep step;
  __device__ void operator()(int64_t i) const {
    y[i] = rows[static_cast<int64_t>((step.first->step + step.offset) % count) * length + i];
  }
};
}  // namespace

Kernel batchRow(const Instruction& op, const Context& context) {
  const Tensor &rows = op.inputs[0], &y = op.outputs[0];
  if (rows.shape[0] == 0) return {};
  return forEach(y.size(), BatchRow{rows.integers(), y.integers(), static_cast<uint64_t>(rows.shape[0]), y.size(),
                                    context.step()});
}

}  // namespace cuda_gan::cuda
