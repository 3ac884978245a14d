// One team of threads per process. It sleeps between runs.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "../../event-count.h"
#include "memory.h"

namespace cuda_gan::cpu {

class Team {
 public:
  // What each thread does, with `scratchBytes` of its own.
  using Job = std::function<void(float* scratch)>;

  static Team& instance();

  // Does the job on the caller's thread and on those of `threads - 1` helpers that come while the caller is at it:
  // when the caller's part returns, there must be nothing left to do. Returns when all are out of the job. One job at
  // a time: later callers wait.
  void run(int threads, const Job& job);

 private:
  void work(int helper, float* scratch);
  const Job* enter(int helper);

  std::mutex turn_;              // held for the length of a job
  std::vector<Memory> scratch_;  // of the caller, then of the helpers
  std::vector<std::thread> helpers_;

  EventCount opened_, left_;
  std::atomic<int> inside_{0};  // helpers in the job
  std::mutex door_;             // guards what follows, and coming in
  const Job* job_ = nullptr;    // while it is open to helpers
  int wanted_ = 0;              // helpers
};

}  // namespace cuda_gan::cpu
