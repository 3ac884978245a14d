// A Program compiled for the cuda device: CUDA graphs of one step and of several.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../../device.h"
#include "../kernel.h"
#include "memory.h"
#include "schedule.h"

namespace cuda_gan::cuda {

class DeviceBuffer : public Buffer {
 public:
  // On the current GPU, whose number is `gpu`.
  DeviceBuffer(int gpu, size_t bytes, std::shared_ptr<CUstream_st> copies)
      : gpu_(gpu), bytes_(bytes), memory_(allocateOnDevice(bytes)), copies_(std::move(copies)) {}
  ~DeviceBuffer() override;
  size_t byteSize() const override { return bytes_; }
  void write(const void* source, size_t bytes) override;
  void read(void* target, size_t bytes) const override;
  void* data() const { return memory_.get(); }

 private:
  int gpu_;
  size_t bytes_;
  std::shared_ptr<void> memory_;
  std::shared_ptr<CUstream_st> copies_;
};

class CudaExecutable : public Executable {
 public:
  // On the current GPU, whose number is `gpu`.
  CudaExecutable(int gpu, const Program& program, std::vector<std::shared_ptr<Buffer>> variables, const Settings& settings);
  ~CudaExecutable() override;
  int64_t run(const RunRequest& request) override;
  std::vector<std::string> remarks() const override;
  std::optional<GraphFigures> graph(int64_t steps) override;

 private:
  using MakeKernel = std::function<Kernel(const Context&)>;

  struct Output {
    size_t bytes, offset;  // of one step's value, and where it lies in a slot of the ring
    bool isFloat;
  };
  struct Backup {
    void *variable, *copy;
    size_t bytes;
  };

  // What is computed from a range alone, and so stays what it is until that is written.
  struct Derived {
    std::string name;
    Task::Range from, memory;
  };

  // Gives the tensors that an instruction reads, and those that it makes, their memory.
  Instruction place(const InstructionSpec& spec, const Program& program);
  Tensor tensorOf(const TensorSpec& spec) const;
  void* keep(size_t bytes);
  // What a kernel has asked its Context for.
  struct Asked {
    bool step = false;
    std::vector<Task::Range> derived;
  };
  // What kernels know of a step so far behind the first of its graph.
  Context contextOf(uint64_t offset, Asked& asked);
  float* derive(const std::string& name, const Tensor& from, const std::function<Kernel(float*)>& make, Asked& asked);
  Task::Range stateRange() const;
  void addTask(Task task, const MakeKernel& make);
  void planArena(const Program& program);
  void planRing(const std::vector<Tensor>& outputs);
  void planBackups(const Program& program);

  // The launches of that many steps, without a barrier between them.
  Schedule schedule(int64_t steps);
  GraphExec instantiate(int64_t steps);
  void begin(uint64_t firstStep);
  // Runs up to `steps` steps from slot 0 on, fewer when cancelled; returns how many.
  int64_t runSlots(int64_t steps, const std::atomic<bool>* cancelled);
  void saveVariables();
  void restoreVariables();
  // The first of the `steps` in the ring that has an output that is NaN or infinite; `steps` when none has.
  int64_t firstNonFinite(int64_t steps) const;
  // Hands the `steps` in the ring to the caller, who has `completed` already.
  void deliver(const RunRequest& request, int64_t completed, int64_t steps) const;

  int gpu_;
  Settings settings_;
  Stream stream_;
  std::vector<std::shared_ptr<Buffer>> variables_;
  std::vector<std::shared_ptr<void>> memory_;  // what kernels and this object use, freed with it
  char* arena_ = nullptr;
  bool reusesArena_ = false;         // whether tensors share memory, as the Program says
  size_t arenaUsed_ = 0;             // else: how much of it is given away,
  std::map<size_t, char*> arenaOf_;  // and where the tensor lies that the Program places at an offset
  std::set<std::string> remarks_;
  RunState* state_ = nullptr;
  RunState start_{};  // copied to it when a run begins
  std::vector<Task> tasks_;                    // of the first step of a graph
  std::map<size_t, MakeKernel> makeForStep_;  // of the tasks among them whose kernels are others in every step
  std::vector<Derived> derived_;               // what holds after the tasks so far
  std::vector<Output> outputs_;
  size_t slotBytes_ = 0;
  int64_t slots_ = 0;
  char *ring_ = nullptr, *hostRing_ = nullptr;
  std::vector<Backup> backups_;
  std::map<int64_t, GraphExec> graphs_;  // by their steps
  std::array<Event, 4> launched_;
};

}  // namespace cuda_gan::cuda
