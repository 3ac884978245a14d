#include "device.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "instruction-set.h"
#include "memory.h"
#include "processor.h"
#include "schedule.h"
#include "team.h"
#include "work.h"

namespace cuda_gan::cpu {

namespace {

class HostBuffer : public Buffer {
 public:
  explicit HostBuffer(size_t bytes) : bytes_(bytes), ownBytes_(bytes), memory_(allocateMemory(bytes)) {}
  // A part of a mapping.
  HostBuffer(const std::shared_ptr<FileMapping>& mapping, size_t offset, size_t bytes)
      : bytes_(bytes), ownBytes_(0), memory_(mapping, mapping->data() + offset) {}
  size_t byteSize() const override { return bytes_; }
  size_t ownBytes() const override { return ownBytes_; }
  void write(const void* source, size_t bytes) override { std::memcpy(memory_.get(), source, bytes); }
  void read(void* target, size_t bytes) const override { std::memcpy(target, memory_.get(), bytes); }
  void* data() const { return memory_.get(); }

 private:
  size_t bytes_;
  size_t ownBytes_;
  std::shared_ptr<void> memory_;
};

bool isFinite(const Tensor& tensor) {
  if (tensor.dtype != DType::Float32) return true;
  const float* x = tensor.floats();
  for (int64_t i = 0, size = tensor.size(); i < size; i++)
    if (!std::isfinite(x[i])) return false;
  return true;
}

class CpuExecutable : public Executable {
 public:
  CpuExecutable(const Program& program, std::vector<std::shared_ptr<Buffer>> variables, const KernelTable& kernels,
                int threads)
      : threads_(threads), variables_(std::move(variables)), arena_(allocateMemory(program.arenaBytes)) {
    const Context context{threads, [this](size_t bytes) { return keep(bytes); }};
    std::vector<Tensor> tensors;
    for (const TensorSpec& spec : program.tensors) tensors.push_back(place(spec));
    for (const InstructionSpec& spec : program.instructions) {
      Instruction instruction{spec.op, {}, {}, spec.attributes};
      for (size_t i : spec.inputs) instruction.inputs.push_back(tensors.at(i));
      for (size_t i : spec.outputs) instruction.outputs.push_back(tensors.at(i));
      const auto factory = kernels.find(spec.op);
      if (factory == kernels.end()) throw std::logic_error("the cpu device has no kernel \"" + spec.op + "\"");
      for (Phase& phase : factory->second(instruction, context))
        if (phase.tasks > 0) phases_.push_back(std::move(phase));
    }
    // A program that computes nothing has steps nevertheless.
    if (phases_.empty()) phases_.push_back({1, [](int64_t, int64_t, const StepContext&) {}});
    for (size_t i : program.outputs) outputs_.push_back(tensors.at(i));
  }

  int64_t run(const RunRequest& request) override {
    int64_t completed = 0;
    const auto endStep = [&] {
      const bool finite = record(request, completed);
      completed++;
      return completed < request.steps && !request.cancelled->load(std::memory_order_relaxed) &&
             (finite || !request.stopOnNonFinite);
    };
    if (request.steps == 0) return 0;
    Schedule schedule(phases_, threads_, request.firstStep, endStep);
    Team::instance().run(threads_, [&](float* scratch) { schedule.work(scratch); });
    return completed;
  }

 private:
  void* keep(size_t bytes) {
    workspaces_.push_back(allocateMemory(bytes));
    return workspaces_.back().get();
  }

  Tensor place(const TensorSpec& spec) const {
    Tensor tensor{nullptr, spec.shape, spec.dtype};
    if (spec.isVariable) {
      tensor.data = static_cast<HostBuffer&>(*variables_.at(spec.place)).data();
    } else {
      tensor.data = static_cast<char*>(arena_.get()) + spec.place;
    }
    return tensor;
  }

  // Copies the step's outputs to the caller's memory; returns whether all are finite.
  bool record(const RunRequest& request, int64_t step) const {
    bool finite = true;
    for (size_t i = 0; i < outputs_.size(); i++) {
      const size_t bytes = outputs_[i].byteSize();
      std::memcpy(static_cast<char*>(request.outputs[i]) + static_cast<size_t>(step) * bytes, outputs_[i].data, bytes);
      finite = finite && isFinite(outputs_[i]);
    }
    return finite;
  }

  const int threads_;
  std::vector<std::shared_ptr<Buffer>> variables_;
  Memory arena_;
  std::vector<Memory> workspaces_;  // of kernels
  std::vector<Phase> phases_;
  std::vector<Tensor> outputs_;
};

class CpuDevice : public Device {
 public:
  CpuDevice(int threads, const std::string& instructionSet, int64_t workPerThread)
      : set_(chooseInstructionSet(instructionSet)), threads_(threads), workPerThread_(workPerThread) {}

  std::string description() const override {
    return processorName() + ", " + set_.name + ", " + std::to_string(threads_) + (threads_ == 1 ? " thread" : " threads");
  }
  int threads() const override { return threads_; }
  std::shared_ptr<Buffer> allocate(size_t bytes) override { return std::make_shared<HostBuffer>(bytes); }
  std::shared_ptr<Buffer> adopt(const std::shared_ptr<FileMapping>& mapping, size_t offset, size_t bytes) override {
    if (!isAligned(mapping->data() + offset)) return Device::adopt(mapping, offset, bytes);
    return std::make_shared<HostBuffer>(mapping, offset, bytes);
  }
  std::unique_ptr<Executable> compile(const Program& program, std::vector<std::shared_ptr<Buffer>> variables) override {
    return std::make_unique<CpuExecutable>(program, std::move(variables), *set_.kernels, threadsFor(program));
  }

 private:
  int threadsFor(const Program& program) const {
    if (workPerThread_ == 0) return threads_;
    return static_cast<int>(std::clamp<int64_t>(workOf(program) / workPerThread_, 1, threads_));
  }

  InstructionSet set_;
  int threads_;
  int64_t workPerThread_;
};

}  // namespace

std::unique_ptr<Device> createDevice(int threads, const std::string& instructionSet, int64_t workPerThread) {
  return std::make_unique<CpuDevice>(threads, instructionSet, workPerThread);
}

}  // namespace cuda_gan::cpu
