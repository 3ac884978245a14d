// How a team works through the phases of a run. Every phase is cut into chunks, which threads take one by one; whoever
// finishes the last chunk opens the next phase. Nobody waits for a thread that holds no chunk, so that one which the
// operating system has put aside delays the others by its chunk at most.
#pragma once
#include <atomic>
#include <functional>
#include <vector>

#include "../kernel.h"

namespace cuda_gan::cpu {

class Schedule {
 public:
  // The phases must not be empty. `endStep` is called after the last phase of every step, by one thread at a time; it
  // returns whether another step follows.
  Schedule(const std::vector<Phase>& phases, int threads, uint64_t firstStep, std::function<bool()> endStep);

  // What every thread of the team does; returns when the run is over.
  void work(float* scratch);

 private:
  int64_t chunksOf(const Phase& phase) const;
  void runChunk(uint64_t position, int64_t chunk, float* scratch) const;
  void open(uint64_t position, float* scratch);

  const std::vector<Phase>& phases_;
  const int threads_;
  const uint64_t firstStep_;
  const std::function<bool()> endStep_;
  // Position (step · phases + phase) in the upper bits, number of the next chunk in the lower ones: a thread that comes
  // late cannot take a chunk of a phase other than the one it looked at.
  std::atomic<uint64_t> ticket_{0};
  std::atomic<int64_t> finished_{0};  // chunks of the open phase
};

}  // namespace cuda_gan::cpu
