// The order of the launches of some steps: which must wait for which, and which go to the GPU as one.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "../../device.h"
#include "../kernel.h"

namespace cuda_gan::cuda {

// An instruction's launches, and the memory that they read and write.
struct Task {
  struct Range {
    const char* begin;
    const char* end;
    bool overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
  };
  std::string name;  // of its op
  Kernel launches;
  std::vector<Range> reads, writes;
};

class Schedule {
 public:
  // Steps that follow each other, all of the same tasks, which use the same memory in every step; and what comes after
  // them. A task waits only for what it conflicts with, so that a step may begin before the one before it has ended. With
  // `dependentLaunch`, kernels that wait themselves come to the GPU before those that they wait for have ended.
  Schedule(const std::vector<std::vector<Task>>& steps, const std::vector<Task>& end, bool dependentLaunch);

  // Adds it to the graph that `stream` captures, after all that was captured before.
  void capture(cudaStream_t stream) const;

  GraphFigures figures() const;

 private:
  // Launches of one kind that do not depend on each other.
  struct Node {
    std::vector<const Launch*> launches;
    std::string name;           // of the ops that they are of
    std::vector<size_t> after;  // nodes that must be done before
    bool last = true;           // no other node waits for it
    bool early = false;         // it comes to the GPU before those have ended
  };

  static bool waits(const Node& node) { return node.launches.front()->waits; }

  std::vector<Task> tasks_;
  std::vector<Node> nodes_;  // every node after those that it waits for
};

}  // namespace cuda_gan::cuda
