#include "team.h"

#include "../kernel.h"

namespace cuda_gan::cpu {

// Never destroyed: its threads may sleep in it until the process ends.
Team& Team::instance() {
  static Team* team = new Team;
  return *team;
}

void Team::run(int threads, const Job& job) {
  std::lock_guard<std::mutex> turn(turn_);
  const auto scratchOf = [this](int member) {
    while (static_cast<int>(scratch_.size()) <= member) scratch_.push_back(allocateMemory(scratchBytes));
    return static_cast<float*>(scratch_[static_cast<size_t>(member)].get());
  };
  if (threads == 1) return job(scratchOf(0));
  for (int helper = static_cast<int>(helpers_.size()); helper < threads - 1; helper++) {
    helpers_.emplace_back(&Team::work, this, helper, scratchOf(helper + 1));
  }
  {
    std::lock_guard<std::mutex> lock(door_);
    job_ = &job;
    wanted_ = threads - 1;
  }
  opened_.advance();
  job(scratchOf(0));
  {
    std::lock_guard<std::mutex> lock(door_);
    job_ = nullptr;
  }
  for (;;) {
    const uint64_t seen = left_.read();
    if (inside_ == 0) return;
    left_.await(seen);
  }
}

void Team::work(int helper, float* scratch) {
  for (;;) {
    const uint64_t seen = opened_.read();
    if (const Job* job = enter(helper)) {
      (*job)(scratch);
      inside_--;
      left_.advance();
    }
    opened_.await(seen);
  }
}

// The open job, if it wants this helper.
const Team::Job* Team::enter(int helper) {
  std::lock_guard<std::mutex> lock(door_);
  if (job_ == nullptr || helper >= wanted_) return nullptr;
  inside_++;
  return job_;
}

}  // namespace cuda_gan::cpu
