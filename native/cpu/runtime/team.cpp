#include "team.h"

#include <chrono>

namespace cuda_gan::cpu {
namespace {

// Waits until `holds()`, an hour at a time: wait(), which has no end, would need GLIBCXX_3.4.30 when GCC 12 or newer
// compiles it, and distributions with the oldest glibc that the prebuild supports have 3.4.29.
template <typename Predicate>
void waitUntil(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, Predicate holds) {
  while (!condition.wait_for(lock, std::chrono::hours(1), holds)) continue;
}

}  // namespace

// Never destroyed: its threads may sleep in it until the process ends.
Team& Team::instance() {
  static Team* team = new Team;
  return *team;
}

void Team::run(int threads, const std::function<void(int)>& job) {
  std::lock_guard<std::mutex> turn(turn_);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    while (static_cast<int>(helpers_.size()) + 1 < threads) {
      helpers_.emplace_back(&Team::work, this, static_cast<int>(helpers_.size()) + 1);
    }
    job_ = &job;
    active_ = threads;
    unfinished_ = threads - 1;
    generation_++;
  }
  wake_.notify_all();
  job(0);
  std::unique_lock<std::mutex> lock(mutex_);
  waitUntil(done_, lock, [this] { return unfinished_ == 0; });
}

void Team::work(int thread) {
  uint64_t seen = 0;
  for (;;) {
    std::unique_lock<std::mutex> lock(mutex_);
    waitUntil(wake_, lock, [&] { return generation_ != seen; });
    seen = generation_;
    if (thread >= active_) continue;
    const auto* job = job_;
    lock.unlock();
    (*job)(thread);
    lock.lock();
    if (--unfinished_ == 0) done_.notify_one();
  }
}

}  // namespace cuda_gan::cpu
