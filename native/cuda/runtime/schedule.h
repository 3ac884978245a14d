// The order of a step's launches: which must wait for which, and which go to the GPU as one.
#pragma once
#include <cstddef>
#include <vector>

#include "../kernel.h"

namespace cuda_gan::cuda {

// An instruction's launches, and the memory that they read and write.
struct Task {
  struct Range {
    const char* begin;
    const char* end;
  };
  Kernel launches;
  std::vector<Range> reads, writes;
};

class Schedule {
 public:
  explicit Schedule(std::vector<Task> tasks);

  // Adds a step to the graph that `stream` captures, after all that was captured before.
  void capture(cudaStream_t stream) const;

  size_t nodes() const { return nodes_.size(); }

 private:
  // Launches of one kind that do not depend on each other.
  struct Node {
    std::vector<const Launch*> launches;
    std::vector<size_t> after;  // nodes that must be done before
    bool last = true;           // no other node waits for it
  };

  std::vector<Task> tasks_;
  std::vector<Node> nodes_;  // every node after those that it waits for
};

}  // namespace cuda_gan::cuda
