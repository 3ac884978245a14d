#include "schedule.h"

#include <algorithm>
#include <thread>
#include <utility>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "flush-subnormals.h"

namespace cuda_gan::cpu {

namespace {

constexpr int chunkBits = 16;
constexpr uint64_t chunkMask = (uint64_t{1} << chunkBits) - 1;
constexpr uint64_t over = ~uint64_t{0} << chunkBits;
// Several chunks for each thread even out their speeds; few tasks are not put together, so that chunks are not of unlike size.
constexpr int64_t chunksPerThread = 2, fewTasksPerThread = 4;
constexpr int spinsBeforeYield = 20000;

inline void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

Schedule::Schedule(const std::vector<Phase>& phases, int threads, uint64_t firstStep, std::function<bool()> endStep)
    : phases_(phases), threads_(threads), firstStep_(firstStep), endStep_(std::move(endStep)) {}

int64_t Schedule::chunksOf(const Phase& phase) const {
  if (threads_ == 1) return 1;
  return phase.tasks <= fewTasksPerThread * threads_ ? phase.tasks : chunksPerThread * threads_;
}

void Schedule::runChunk(uint64_t position, int64_t chunk, float* scratch) const {
  const Phase& phase = phases_[position % phases_.size()];
  const int64_t chunks = chunksOf(phase);
  phase.run(phase.tasks * chunk / chunks, phase.tasks * (chunk + 1) / chunks,
            StepContext{firstStep_ + position / phases_.size(), scratch});
}

void Schedule::work(float* scratch) {
  const FlushSubnormals flushed;
  for (int spins = 0;;) {
    uint64_t ticket = ticket_.load(std::memory_order_acquire);
    if (ticket == over) return;
    const uint64_t position = ticket >> chunkBits;
    const int64_t chunk = static_cast<int64_t>(ticket & chunkMask);
    const int64_t chunks = chunksOf(phases_[position % phases_.size()]);
    if (chunk == chunks) {
      if (++spins < spinsBeforeYield) {
        pause();
      } else {
        std::this_thread::yield();
      }
    } else if (ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel)) {
      spins = 0;
      runChunk(position, chunk, scratch);
      if (finished_.fetch_add(1, std::memory_order_acq_rel) + 1 == chunks) open(position + 1, scratch);
    }
  }
}

// Opens the phase at `position`; the caller runs phases of a single chunk itself, and ends steps.
void Schedule::open(uint64_t position, float* scratch) {
  for (;; position++) {
    if (position % phases_.size() == 0 && !endStep_()) return ticket_.store(over, std::memory_order_release);
    if (chunksOf(phases_[position % phases_.size()]) > 1) break;
    runChunk(position, 0, scratch);
  }
  finished_.store(0, std::memory_order_relaxed);
  ticket_.store(position << chunkBits, std::memory_order_release);
}

}  // namespace cuda_gan::cpu
