// One team of threads per process. It sleeps between runs.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cuda_gan::cpu {

class Team {
 public:
  static Team& instance();

  // Runs job(thread) on threads 0 .. threads - 1, of which the caller is number 0, and returns when all are done.
  // One job at a time: later callers wait.
  void run(int threads, const std::function<void(int thread)>& job);

 private:
  void work(int thread);

  std::mutex turn_;  // held for the length of a job
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* job_ = nullptr;
  int active_ = 0;      // threads that take part in the job
  int unfinished_ = 0;  // helpers still at it
  uint64_t generation_ = 0;
  std::vector<std::thread> helpers_;
};

}  // namespace cuda_gan::cpu
