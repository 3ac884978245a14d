// A Program compiled for the cuda device: one CUDA graph of a step, another of several steps.
#pragma once
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
  DeviceBuffer(size_t bytes, std::shared_ptr<CUstream_st> copies)
      : bytes_(bytes), memory_(allocateOnDevice(bytes)), copies_(std::move(copies)) {}
  size_t byteSize() const override { return bytes_; }
  void write(const void* source, size_t bytes) override;
  void read(void* target, size_t bytes) const override;
  void* data() const { return memory_.get(); }

 private:
  size_t bytes_;
  std::shared_ptr<void> memory_;
  std::shared_ptr<CUstream_st> copies_;
};

class CudaExecutable : public Executable {
 public:
  CudaExecutable(const Program& program, std::vector<std::shared_ptr<Buffer>> variables, Precision precision);
  int64_t run(const RunRequest& request) override;
  std::vector<std::string> remarks() const override;

 private:
  struct Output {
    size_t bytes, offset;  // of one step's value, and where it lies in a slot of the ring
    bool isFloat;
  };
  struct Backup {
    void *variable, *copy;
    size_t bytes;
  };

  // Gives the tensors that an instruction reads, and those that it makes, their memory.
  Instruction place(const InstructionSpec& spec, const Program& program);
  Tensor tensorOf(const TensorSpec& spec) const;
  void* keep(size_t bytes);
  void planArena(const Program& program);
  void planRing(const std::vector<Tensor>& outputs);
  void planBackups(const Program& program);

  GraphExec instantiate(int steps) const;
  void begin(uint64_t firstStep);
  // Runs up to `steps` steps from slot 0 on, fewer when cancelled; returns how many.
  int64_t runSlots(int64_t steps, const std::atomic<bool>* cancelled);
  void saveVariables();
  void restoreVariables();
  // The first of the `steps` in the ring that has an output that is NaN or infinite; `steps` when none has.
  int64_t firstNonFinite(int64_t steps) const;
  // Hands the `steps` in the ring to the caller, who has `completed` already.
  void deliver(const RunRequest& request, int64_t completed, int64_t steps) const;

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
  std::unique_ptr<Schedule> step_, end_;
  std::vector<Output> outputs_;
  size_t slotBytes_ = 0;
  int64_t slots_ = 0;
  char *ring_ = nullptr, *hostRing_ = nullptr;
  std::vector<Backup> backups_;
  GraphExec oneStep_, manySteps_;
  Event launched_[2];
};

}  // namespace cuda_gan::cuda
