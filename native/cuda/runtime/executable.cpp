#include "executable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <numeric>

#include "check.h"
#include "record.h"

namespace cuda_gan::cuda {

namespace {

// How many steps a graph has, the largest first: enough that launching it costs little beside running it, if there are so
// many to do.
constexpr int64_t graphSteps[] = {16, 4, 1};

// So many steps are under way at a time, in as many launches as there are events: the GPU never waits, and a cancelled run
// ends soon.
constexpr int64_t stepsUnderWay = 32;

// The ring of outputs: one copy to the host for so many steps, if they fit.
constexpr size_t ringBytes = 4 << 20;
constexpr int64_t ringSlots = 1024;

// What tensors may take without sharing memory.
constexpr size_t unsharedBytes = 256 << 20;

// Rounds up to what loads of whole vectors, and the library, want.
size_t aligned(size_t bytes) { return (bytes + 255) / 256 * 256; }

size_t bytesOf(const TensorSpec& spec) { return Tensor{nullptr, spec.shape, spec.dtype}.byteSize(); }

void copy(void* target, const void* source, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  if (bytes > 0) check(cudaMemcpyAsync(target, source, bytes, kind, stream), "cudaMemcpyAsync");
}

void wait(cudaStream_t stream) { check(cudaStreamSynchronize(stream), "cudaStreamSynchronize"); }

Task::Range rangeOf(const Tensor& tensor) {
  const char* begin = static_cast<const char*>(tensor.data);
  return {begin, begin + tensor.byteSize()};
}

bool isFinite(const char* data, size_t bytes) {
  for (size_t i = 0; i < bytes; i += sizeof(float)) {
    float value;
    std::memcpy(&value, data + i, sizeof value);
    if (!std::isfinite(value)) return false;
  }
  return true;
}

}  // namespace

// What is freed is freed on its own GPU: a thread without one would get the first, and wake that for nothing.
DeviceBuffer::~DeviceBuffer() { ignore(cudaSetDevice(gpu_)); }

void DeviceBuffer::write(const void* source, size_t bytes) {
  useGpu(gpu_);
  copy(data(), source, bytes, cudaMemcpyHostToDevice, copies_.get());
  wait(copies_.get());
}

void DeviceBuffer::read(void* target, size_t bytes) const {
  useGpu(gpu_);
  copy(target, data(), bytes, cudaMemcpyDeviceToHost, copies_.get());
  wait(copies_.get());
}

CudaExecutable::CudaExecutable(int gpu, const Program& program, std::vector<std::shared_ptr<Buffer>> variables, const Settings& settings)
    : gpu_(gpu), settings_(settings), stream_(createStream()), variables_(std::move(variables)) {
  state_ = static_cast<RunState*>(keep(sizeof(RunState)));
  for (Event& event : launched_) event = createEvent();
  planArena(program);

  for (const InstructionSpec& spec : program.instructions) {
    const Instruction instruction = place(spec, program);
    const auto factory = kernels().find(spec.op);
    if (factory == kernels().end()) throw std::logic_error("the cuda device has no kernel \"" + spec.op + "\"");
    Task task{spec.op, {}, {}, {}};
    for (const Tensor& tensor : instruction.inputs) task.reads.push_back(rangeOf(tensor));
    for (const Tensor& tensor : instruction.outputs) task.writes.push_back(rangeOf(tensor));
    addTask(std::move(task), [=](const Context& context) { return factory->second(instruction, context); });
  }

  std::vector<Tensor> outputs;
  for (size_t i : program.outputs) outputs.push_back(tensorOf(program.tensors.at(i)));
  planRing(outputs);
  planBackups(program);
}

CudaExecutable::~CudaExecutable() { ignore(cudaSetDevice(gpu_)); }

std::vector<std::string> CudaExecutable::remarks() const { return {remarks_.begin(), remarks_.end()}; }

std::optional<GraphFigures> CudaExecutable::graph(int64_t steps) {
  useGpu(gpu_);
  return schedule(steps).figures();
}

void* CudaExecutable::keep(size_t bytes) {
  memory_.push_back(allocateOnDevice(bytes));
  return memory_.back().get();
}

Context CudaExecutable::contextOf(uint64_t offset, Asked& asked) {
  const auto step = [this, offset, &asked] {
    asked.step = true;
    return CurrentStep{state_, offset};
  };
  return {settings_.precision, step, stream_.get(), [this](size_t bytes) { return keep(bytes); },
          [this](const std::string& remark) { remarks_.insert(remark); },
          [this, &asked](const std::string& name, const Tensor& from, const std::function<Kernel(float*)>& make) {
            return derive(name, from, make, asked);
          }};
}

float* CudaExecutable::derive(const std::string& name, const Tensor& from, const std::function<Kernel(float*)>& make, Asked& asked) {
  const Task::Range range = rangeOf(from);
  auto found = std::find_if(derived_.begin(), derived_.end(), [&](const Derived& derived) {
    return derived.name == name && derived.from.begin == range.begin && derived.from.end == range.end;
  });
  if (found == derived_.end()) {
    void* memory = keep(from.byteSize());
    const Task::Range made = rangeOf({memory, from.shape, from.dtype});
    tasks_.push_back({name, make(static_cast<float*>(memory)), {range}, {made}});
    found = derived_.insert(derived_.end(), {name, range, made});
  }
  asked.derived.push_back(found->memory);
  return reinterpret_cast<float*>(const_cast<char*>(found->memory.begin));
}

Task::Range CudaExecutable::stateRange() const {
  const char* begin = reinterpret_cast<const char*>(state_);
  return {begin, begin + sizeof(RunState)};
}

void CudaExecutable::addTask(Task task, const MakeKernel& make) {
  Asked asked;
  task.launches = make(contextOf(0, asked));
  if (asked.step) {
    task.reads.push_back(stateRange());
    makeForStep_[tasks_.size()] = make;
  }
  task.reads.insert(task.reads.end(), asked.derived.begin(), asked.derived.end());
  const auto isOutdated = [&](const Derived& derived) {
    return std::any_of(task.writes.begin(), task.writes.end(), [&](const Task::Range& written) { return written.overlaps(derived.from); });
  };
  derived_.erase(std::remove_if(derived_.begin(), derived_.end(), isOutdated), derived_.end());
  tasks_.push_back(std::move(task));
}

// The Program lets tensors share memory that are not alive together. Here that would make instructions wait for each
// other that have nothing to do with each other, so each tensor has memory of its own, unless that is much.
void CudaExecutable::planArena(const Program& program) {
  size_t bytes = 0;
  for (const InstructionSpec& instruction : program.instructions)
    for (size_t i : instruction.outputs)
      if (!program.tensors.at(i).isVariable) bytes += aligned(bytesOf(program.tensors[i]));
  reusesArena_ = bytes > unsharedBytes;
  arena_ = static_cast<char*>(keep(reusesArena_ ? program.arenaBytes : bytes));
}

Tensor CudaExecutable::tensorOf(const TensorSpec& spec) const {
  if (spec.isVariable) return {static_cast<DeviceBuffer&>(*variables_.at(spec.place)).data(), spec.shape, spec.dtype};
  return {reusesArena_ ? arena_ + spec.place : arenaOf_.at(spec.place), spec.shape, spec.dtype};
}

Instruction CudaExecutable::place(const InstructionSpec& spec, const Program& program) {
  Instruction instruction{spec.op, {}, {}, spec.attributes};
  for (size_t i : spec.inputs) instruction.inputs.push_back(tensorOf(program.tensors.at(i)));
  for (size_t i : spec.outputs) {
    const TensorSpec& output = program.tensors.at(i);
    if (!output.isVariable && !reusesArena_) {
      arenaOf_[output.place] = arena_ + arenaUsed_;
      arenaUsed_ += aligned(bytesOf(output));
    }
    instruction.outputs.push_back(tensorOf(output));
  }
  return instruction;
}

void CudaExecutable::planRing(const std::vector<Tensor>& outputs) {
  for (const Tensor& output : outputs) {
    outputs_.push_back({output.byteSize(), slotBytes_, output.dtype == DType::Float32});
    slotBytes_ += aligned(output.byteSize());
  }
  slots_ = slotBytes_ == 0 ? ringSlots : std::clamp<int64_t>(static_cast<int64_t>(ringBytes / slotBytes_), 1, ringSlots);
  ring_ = static_cast<char*>(keep(slotBytes_ * static_cast<size_t>(slots_)));
  memory_.push_back(allocateOnHost(slotBytes_ * static_cast<size_t>(slots_)));
  hostRing_ = static_cast<char*>(memory_.back().get());

  for (size_t i = 0; i < outputs.size(); i++) {
    const Tensor& output = outputs[i];
    char* ring = ring_ + outputs_[i].offset;
    addTask({"record", {}, {rangeOf(output)}, {}},
            [=](const Context& context) { return record(output, ring, slotBytes_, context.step()); });
  }
}

void CudaExecutable::planBackups(const Program& program) {
  std::vector<bool> planned(variables_.size(), false);
  for (const InstructionSpec& instruction : program.instructions) {
    for (size_t i : instruction.outputs) {
      const TensorSpec& tensor = program.tensors.at(i);
      if (!tensor.isVariable || planned[tensor.place]) continue;
      planned[tensor.place] = true;
      const auto& buffer = static_cast<DeviceBuffer&>(*variables_[tensor.place]);
      backups_.push_back({buffer.data(), nullptr, buffer.byteSize()});
    }
  }
}

Schedule CudaExecutable::schedule(int64_t steps) {
  std::vector<std::vector<Task>> all(static_cast<size_t>(steps), tasks_);
  for (uint64_t offset = 1; offset < all.size(); offset++) {
    Asked asked;
    const Context context = contextOf(offset, asked);
    for (const auto& [task, make] : makeForStep_) all[offset][task].launches = make(context);
  }
  return Schedule(all, {{"advance", advance(state_, all.size()), {}, {stateRange()}}}, settings_.dependentLaunch);
}

GraphExec CudaExecutable::instantiate(int64_t steps) {
  const Schedule launches = schedule(steps);
  // Only this thread's calls are captured: others may allocate and copy meanwhile.
  check(cudaStreamBeginCapture(stream_.get(), cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  cudaGraph_t captured = nullptr;
  try {
    launches.capture(stream_.get());
  } catch (...) {
    ignore(cudaStreamEndCapture(stream_.get(), &captured));
    if (captured != nullptr) ignore(cudaGraphDestroy(captured));
    ignore(cudaGetLastError());
    throw;
  }
  check(cudaStreamEndCapture(stream_.get(), &captured), "cudaStreamEndCapture");
  cudaGraphExec_t graph = nullptr;
  const cudaError_t status = cudaGraphInstantiate(&graph, captured, 0);
  ignore(cudaGraphDestroy(captured));
  check(status, "cudaGraphInstantiate");
  return GraphExec(graph);
}

int64_t CudaExecutable::run(const RunRequest& request) {
  useGpu(gpu_);
  int64_t completed = 0;
  while (completed < request.steps && (completed == 0 || !request.cancelled->load(std::memory_order_relaxed))) {
    const uint64_t firstStep = request.firstStep + static_cast<uint64_t>(completed);
    if (request.stopOnNonFinite) saveVariables();
    begin(firstStep);
    const int64_t steps = runSlots(std::min(slots_, request.steps - completed), request.cancelled);
    const int64_t bad = request.stopOnNonFinite ? firstNonFinite(steps) : steps;
    const int64_t wanted = std::min(steps, bad + 1);
    deliver(request, completed, wanted);
    completed += wanted;
    if (wanted < steps) {
      // The steps after the bad one are undone: from the state before all of them, those up to it run again, to the same bits.
      restoreVariables();
      begin(firstStep);
      runSlots(wanted, nullptr);
    }
    if (bad < steps) break;
  }
  return completed;
}

void CudaExecutable::saveVariables() {
  for (Backup& backup : backups_) {
    if (backup.copy == nullptr) backup.copy = keep(backup.bytes);
    copy(backup.copy, backup.variable, backup.bytes, cudaMemcpyDeviceToDevice, stream_.get());
  }
}

void CudaExecutable::restoreVariables() {
  for (const Backup& backup : backups_)
    copy(backup.variable, backup.copy, backup.bytes, cudaMemcpyDeviceToDevice, stream_.get());
}

int64_t CudaExecutable::firstNonFinite(int64_t steps) const {
  for (int64_t slot = 0; slot < steps; slot++) {
    const char* values = hostRing_ + static_cast<size_t>(slot) * slotBytes_;
    for (const Output& output : outputs_)
      if (output.isFloat && !isFinite(values + output.offset, output.bytes)) return slot;
  }
  return steps;
}

void CudaExecutable::deliver(const RunRequest& request, int64_t completed, int64_t steps) const {
  for (size_t i = 0; i < outputs_.size(); i++) {
    const auto& [bytes, offset, isFloat] = outputs_[i];
    char* target = static_cast<char*>(request.outputs[i]) + static_cast<size_t>(completed) * bytes;
    for (int64_t slot = 0; slot < steps; slot++)
      std::memcpy(target + static_cast<size_t>(slot) * bytes, hostRing_ + static_cast<size_t>(slot) * slotBytes_ + offset, bytes);
  }
}

void CudaExecutable::begin(uint64_t firstStep) {
  start_ = {firstStep, 0};
  copy(state_, &start_, sizeof start_, cudaMemcpyHostToDevice, stream_.get());
}

int64_t CudaExecutable::runSlots(int64_t steps, const std::atomic<bool>* cancelled) {
  int64_t done = 0;
  std::deque<int64_t> underWay;  // the steps of launches that may not have ended, the oldest first
  for (size_t launches = 0; done < steps; launches++) {
    if (done > 0 && cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) break;
    const int64_t count = *std::find_if(std::begin(graphSteps), std::end(graphSteps), [&](int64_t of) { return of <= steps - done; });
    while (underWay.size() == launched_.size() ||
           std::accumulate(underWay.begin(), underWay.end(), count) > stepsUnderWay) {
      const cudaEvent_t oldest = launched_[(launches - underWay.size()) % launched_.size()].get();
      check(cudaEventSynchronize(oldest), "cudaEventSynchronize");
      underWay.pop_front();
    }
    GraphExec& graph = graphs_[count];
    if (graph == nullptr) graph = instantiate(count);
    check(cudaGraphLaunch(graph.get(), stream_.get()), "cudaGraphLaunch");
    check(cudaEventRecord(launched_[launches % launched_.size()].get(), stream_.get()), "cudaEventRecord");
    underWay.push_back(count);
    done += count;
  }
  copy(hostRing_, ring_, slotBytes_ * static_cast<size_t>(done), cudaMemcpyDeviceToHost, stream_.get());
  wait(stream_.get());
  return done;
}

}  // namespace cuda_gan::cuda
