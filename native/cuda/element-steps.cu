// Ops on few elements, one after the other, as lib/devices/fusions/element-steps.ts makes them steps of one op. A sum is that of the op
// by itself, in its order.
#include "core/element-step.cuh"
#include "core/rows.cuh"

namespace cuda_gan::cuda {

namespace {

struct ElementSteps {
  static constexpr int threads = 256, mostInputs = 6, mostSteps = 20, mostOutputs = 4, mostElements = 4096;
  static constexpr size_t sharedBytes = sizeof(float) * mostElements;

  struct Input {
    const float* data;
    int size;
  };
  struct Step {
    ElementStep element;
    int size, begin;  // of its result, and where that begins in shared memory
  };
  struct Output {
    float* data;
    int step;
  };

  Input inputs[mostInputs];
  Step steps[mostSteps];
  Output outputs[mostOutputs];
  int inputCount, stepCount, outputCount;

  __device__ void operator()(int64_t) const {
    for (int i = 0; i < stepCount; i++) {
      run(steps[i]);
      __syncthreads();
    }
    for (int i = 0; i < outputCount; i++) {
      const Step& step = steps[outputs[i].step];
      forElements(step.size, [&](int j) { outputs[i].data[j] = sharedFloats()[step.begin + j]; });
    }
  }

 private:
  // Not unrolled: every copy of what a step may be is 6 KB of code.
  template <class F>
  __device__ static void forElements(int size, F f) {
#pragma unroll 1
    for (int j = threadIdx.x; j < size; j += threads) f(j);
  }

  __device__ void run(const Step& step) const {
    const auto result = [&](int64_t j) {
      return step.element.result(operand(step, 0, j), operand(step, 1, j), operand(step, 2, j));
    };
    float* to = sharedFloats() + step.begin;
    if (step.element.kind != ElementStep::Sum) return forElements(step.size, [&](int j) { to[j] = result(j); });
    if (threadIdx.x >= warpLanes) return;
    float sum = 0;
    const int size = sizeOf(step.element.operands[0]);
#pragma unroll 1
    for (int j = threadIdx.x; j < size; j += warpLanes) sum += result(j);
    sum = sumOfLanes(sum);
    if (threadIdx.x == 0) *to = sum;
  }

  __device__ int sizeOf(int place) const { return place < inputCount ? inputs[place].size : steps[place - inputCount].size; }

  // Element j of an operand, or its only one.
  __device__ float operand(const Step& step, int number, int64_t j) const {
    if (number >= step.element.count) return 0;
    const int place = step.element.operands[number];
    const int64_t at = sizeOf(place) == 1 ? 0 : j;
    return place < inputCount ? inputs[place].data[at] : sharedFloats()[steps[place - inputCount].begin + at];
  }
};

}  // namespace

Kernel elementSteps(const Instruction& op, const Context&) {
  if (op.inputs.size() > ElementSteps::mostInputs || op.outputs.size() > ElementSteps::mostOutputs)
    throw std::logic_error("elementSteps: too many inputs or outputs");
  ElementSteps body{};
  for (const Tensor& input : op.inputs) body.inputs[body.inputCount++] = {input.floats(), static_cast<int>(input.size())};
  int elements = 0;
  for (const Attributes& step : attributesOfSteps(op, ElementSteps::mostSteps)) {
    const auto size = static_cast<int>(step.number("size"));
    body.steps[body.stepCount++] = {elementStep(step), size, elements};
    elements += size;
  }
  if (elements > ElementSteps::mostElements) throw std::logic_error("elementSteps: too many elements");
  const std::vector<double>& made = op.numbers("made");
  for (size_t i = 0; i < op.outputs.size(); i++) body.outputs[i] = {op.outputs[i].floats(), static_cast<int>(made[i])};
  body.outputCount = static_cast<int>(op.outputs.size());
  return launch(body, 1);
}

}  // namespace cuda_gan::cuda
