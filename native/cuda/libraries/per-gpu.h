// What there is of each GPU, made when it is asked for first.
#pragma once
#include <map>
#include <mutex>

namespace cuda_gan::cuda {

template <typename T>
class PerGpu {
 public:
  explicit PerGpu(T (*make)(int gpu)) : make_(make) {}

  T& on(int gpu) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto found = made_.find(gpu);
    if (found == made_.end()) found = made_.emplace(gpu, make_(gpu)).first;
    return found->second;
  }

 private:
  T (*make_)(int gpu);
  std::mutex mutex_;
  std::map<int, T> made_;
};

}  // namespace cuda_gan::cuda
