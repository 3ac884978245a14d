// y = x / (1 - rate) where the element's uniform number is ≥ rate, else 0.
#include "core/dropout.cuh"

namespace cuda_gan::cuda {

namespace {
struct DropElements {
  Dropout dropout;
  const float* x;
  float* y;
  __device__ void operator()(const Words& words, int64_t first, int count) const {
    if (count == 4) {
      const auto from = loadFloats<4>(x + first);
      storeFloats(y + first, eachOf<4>([&](int i) { return dropout.kept(words.word[i], from.at[i]); }));
    } else {
      for (int i = 0; i < count; i++) y[first + i] = dropout.kept(words.word[i], x[first + i]);
    }
  }
};
}  // namespace

Kernel dropout(const Instruction& op, const Context& context) {
  return forRandomBlocks(op, context, DropElements{dropoutOf(op.attributes), op.inputs[0].floats(), op.outputs[0].floats()});
}

}  // namespace cuda_gan::cuda
