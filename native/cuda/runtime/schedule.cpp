#include "schedule.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "check.h"

namespace cuda_gan::cuda {

namespace {

bool overlap(const std::vector<Task::Range>& a, const std::vector<Task::Range>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Task::Range& x) {
    return std::any_of(b.begin(), b.end(), [&](const Task::Range& y) { return x.begin < y.end && y.begin < x.end; });
  });
}

// Whether the order of two tasks matters.
bool conflict(const Task& a, const Task& b) {
  return overlap(a.writes, b.writes) || overlap(a.writes, b.reads) || overlap(a.reads, b.writes);
}

struct Placed {
  const Launch* launch;
  std::vector<size_t> after;  // indices of launches
  size_t level = 0;           // longest way from the start
  size_t node = 0;
};

std::vector<Placed> place(const std::vector<Task>& tasks) {
  std::vector<Placed> all;
  std::vector<size_t> lastOf(tasks.size());
  for (size_t i = 0; i < tasks.size(); i++) {
    for (size_t j = 0; j < tasks[i].launches.size(); j++) {
      Placed placed{&tasks[i].launches[j], {}};
      if (j > 0) {
        placed.after.push_back(all.size() - 1);
      } else {
        for (size_t k = 0; k < i; k++)
          if (!tasks[k].launches.empty() && conflict(tasks[k], tasks[i])) placed.after.push_back(lastOf[k]);
      }
      for (size_t before : placed.after) placed.level = std::max(placed.level, all[before].level + 1);
      lastOf[i] = all.size();
      all.push_back(std::move(placed));
    }
  }
  return all;
}

using GraphNodes = std::vector<cudaGraphNode_t>;

// The nodes that what is captured next will wait for.
GraphNodes frontOf(cudaStream_t stream) {
  cudaStreamCaptureStatus status;
  const cudaGraphNode_t* nodes = nullptr;
  const cudaGraphEdgeData* edges = nullptr;
  size_t count = 0;
  check(cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, &nodes, &edges, &count), "cudaStreamGetCaptureInfo");
  return GraphNodes(nodes, nodes + count);
}

void setFront(cudaStream_t stream, GraphNodes& nodes) {
  check(cudaStreamUpdateCaptureDependencies(stream, nodes.data(), nullptr, nodes.size(), cudaStreamSetCaptureDependencies),
        "cudaStreamUpdateCaptureDependencies");
}

}  // namespace

Schedule::Schedule(std::vector<Task> tasks) : tasks_(std::move(tasks)) {
  std::vector<Placed> all = place(tasks_);
  std::vector<size_t> byLevel(all.size());
  for (size_t i = 0; i < all.size(); i++) byLevel[i] = i;
  std::stable_sort(byLevel.begin(), byLevel.end(), [&](size_t a, size_t b) { return all[a].level < all[b].level; });

  // Launches of one level cannot depend on each other. The node that still has room, by level and kind.
  std::map<std::pair<size_t, Launch::Enqueue>, size_t> open;
  std::vector<std::set<size_t>> after;
  for (size_t i : byLevel) {
    Placed& placed = all[i];
    const auto [slot, isNew] = open.try_emplace({placed.level, placed.launch->enqueue}, nodes_.size());
    if (!isNew && nodes_[slot->second].launches.size() == placed.launch->capacity) slot->second = nodes_.size();
    if (slot->second == nodes_.size()) {
      nodes_.emplace_back();
      after.emplace_back();
    }
    placed.node = slot->second;
    nodes_[placed.node].launches.push_back(placed.launch);
    for (size_t before : placed.after) after[placed.node].insert(all[before].node);
  }
  for (size_t i = 0; i < nodes_.size(); i++) {
    nodes_[i].after.assign(after[i].begin(), after[i].end());
    for (size_t before : nodes_[i].after) nodes_[before].last = false;
  }
}

void Schedule::capture(cudaStream_t stream) const {
  const GraphNodes start = frontOf(stream);
  std::vector<GraphNodes> captured;
  GraphNodes end;
  for (const Node& node : nodes_) {
    GraphNodes front = node.after.empty() ? start : GraphNodes{};
    for (size_t before : node.after) front.insert(front.end(), captured[before].begin(), captured[before].end());
    setFront(stream, front);
    node.launches.front()->enqueue(node.launches, stream);
    captured.push_back(frontOf(stream));
    if (node.last) end.insert(end.end(), captured.back().begin(), captured.back().end());
  }
  if (!nodes_.empty()) setFront(stream, end);
}

}  // namespace cuda_gan::cuda
