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
  std::vector<size_t> after;        // indices of launches
  size_t earliest = 0, latest = 0;  // levels at which it can run without making the whole longer
  bool done = false;
  size_t level = 0, node = 0;  // once it is done
};

// A launch of fewer blocks leaves most of the GPU idle: it waits for others of its kind while nobody waits for it.
constexpr int64_t fewBlocks = 64;

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
      for (size_t before : placed.after) placed.earliest = std::max(placed.earliest, all[before].earliest + 1);
      lastOf[i] = all.size();
      all.push_back(std::move(placed));
    }
  }
  return all;
}

void findLatest(std::vector<Placed>& all, size_t levels) {
  for (Placed& placed : all) placed.latest = levels - 1;
  for (size_t i = all.size(); i-- > 0;)
    for (size_t before : all[i].after) all[before].latest = std::min(all[before].latest, all[i].latest - 1);
}

bool isReady(const Placed& placed, const std::vector<Placed>& all, size_t level) {
  return std::all_of(placed.after.begin(), placed.after.end(),
                     [&](size_t before) { return all[before].done && all[before].level < level; });
}

// Leaves out what follows from the rest: a node need not wait for one that another, for which it waits, has waited for.
void dropImplied(std::vector<std::set<size_t>>& after) {
  std::vector<std::vector<bool>> reached(after.size(), std::vector<bool>(after.size(), false));
  for (size_t i = 0; i < after.size(); i++) {
    std::vector<bool> before(after.size(), false);
    for (size_t j : after[i])
      for (size_t k = 0; k < j; k++) before[k] = before[k] || reached[j][k];
    reached[i] = before;
    for (size_t j : after[i]) reached[i][j] = true;
    for (size_t j : std::set<size_t>(after[i])) if (before[j]) after[i].erase(j);
  }
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
  size_t levels = 0;
  for (const Placed& placed : all) levels = std::max(levels, placed.earliest + 1);
  findLatest(all, levels);

  std::vector<std::set<size_t>> after;
  for (size_t level = 0; level < levels; level++) {
    std::vector<Placed*> ready;
    std::set<Launch::Enqueue> due;
    for (Placed& placed : all) {
      if (placed.done || !isReady(placed, all, level)) continue;
      ready.push_back(&placed);
      if (placed.latest == level || placed.launch->blocks >= fewBlocks) due.insert(placed.launch->enqueue);
    }
    // Launches of one level do not depend on each other. The node of this level that still has room, by kind.
    std::map<Launch::Enqueue, size_t> open;
    for (Placed* placed : ready) {
      const Launch* launch = placed->launch;
      if (due.count(launch->enqueue) == 0) continue;
      const auto [slot, isNew] = open.try_emplace(launch->enqueue, nodes_.size());
      if (isNew || nodes_[slot->second].launches.size() == launch->capacity) {
        slot->second = nodes_.size();
        nodes_.emplace_back();
        after.emplace_back();
      }
      placed->done = true;
      placed->level = level;
      placed->node = slot->second;
      nodes_[placed->node].launches.push_back(launch);
      for (size_t before : placed->after) after[placed->node].insert(all[before].node);
    }
  }
  dropImplied(after);
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
