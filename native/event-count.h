// A number that only grows, and on which threads wait (Reed & Kanodia, Synchronization with Eventcounts and Sequencers,
// 1979). To wait for something else to hold: read the count, look whether it holds, else wait for the count to change,
// and look again.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace cuda_gan {

class EventCount {
 public:
  uint64_t read() const { return count_.load(std::memory_order_acquire); }

  // Wakes all that wait.
  void advance() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      count_.fetch_add(1, std::memory_order_release);
    }
    changed_.notify_all();
  }

  // Returns when the count is no longer `seen`. What comes soon is met awake, such as the next small run that JavaScript
  // hands over: to be woken takes as long as such a run. Meanwhile whoever else wants this core may have it.
  void await(uint64_t seen) {
    const auto bedtime = std::chrono::steady_clock::now() + std::chrono::microseconds(microsecondsAwake);
    while (std::chrono::steady_clock::now() < bedtime) {
      if (read() != seen) return;
      std::this_thread::yield();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    // An hour at a time: wait(), which has no end, would need GLIBCXX_3.4.30 when GCC 12 or newer compiles it, and
    // distributions with the oldest glibc that the prebuild supports have 3.4.29.
    while (!changed_.wait_for(lock, std::chrono::hours(1), [&] { return read() != seen; })) continue;
  }

 private:
  static constexpr int microsecondsAwake = 200;

  std::atomic<uint64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace cuda_gan
