#include "schedule.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "check.h"

namespace cuda_gan::cuda {

namespace {

bool overlap(const std::vector<Task::Range>& a, const std::vector<Task::Range>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Task::Range& x) {
    return std::any_of(b.begin(), b.end(), [&](const Task::Range& y) { return x.overlaps(y); });
  });
}

// Whether the order of two tasks matters.
bool conflict(const Task& a, const Task& b) {
  return overlap(a.writes, b.writes) || overlap(a.writes, b.reads) || overlap(a.reads, b.writes);
}

struct Placed {
  const Launch* launch;
  const Task* task;
  std::vector<size_t> after, before;  // indices of launches that it waits for, and that wait for it
  size_t earliest = 0, latest = 0;    // levels at which it can run without making the whole longer
  size_t waitsFor = 0;                // how many of `after` are not done
  size_t node = 0;                    // once it is done
};

// A launch of fewer blocks leaves most of the GPU idle: it waits for others of its kind while nobody waits for it.
constexpr int64_t fewBlocks = 64;

// Of the first `repeated` tasks, each is the same as that `period` places before it. Whatever comes before that one and
// matters to a task has mattered to that one or to its own repetition in between, so it need not be looked at again.
std::vector<Placed> place(const std::vector<Task>& tasks, size_t repeated, size_t period) {
  std::vector<Placed> all;
  std::vector<size_t> lastOf(tasks.size());
  for (size_t i = 0; i < tasks.size(); i++) {
    for (size_t j = 0; j < tasks[i].launches.size(); j++) {
      Placed placed{&tasks[i].launches[j], &tasks[i], {}, {}};
      if (j > 0) {
        placed.after.push_back(all.size() - 1);
      } else {
        for (size_t k = i < repeated && i > period ? i - period : 0; k < i; k++)
          if (!tasks[k].launches.empty() && conflict(tasks[k], tasks[i])) placed.after.push_back(lastOf[k]);
      }
      for (size_t before : placed.after) {
        placed.earliest = std::max(placed.earliest, all[before].earliest + 1);
        all[before].before.push_back(all.size());
      }
      placed.waitsFor = placed.after.size();
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

// A set of node numbers, as bits.
class NodeSet {
 public:
  explicit NodeSet(size_t nodes) : words_((nodes + 63) / 64) {}
  bool has(size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  void add(size_t i) { words_[i / 64] |= uint64_t{1} << (i % 64); }
  void add(const NodeSet& other) {
    for (size_t i = 0; i < words_.size(); i++) words_[i] |= other.words_[i];
  }

 private:
  std::vector<uint64_t> words_;
};

// Leaves out what follows from the rest: a node need not wait for one that another, for which it waits, has waited for.
void dropImplied(std::vector<std::set<size_t>>& after) {
  std::vector<NodeSet> reached(after.size(), NodeSet(after.size()));
  for (size_t i = 0; i < after.size(); i++) {
    for (size_t j : after[i]) reached[i].add(reached[j]);
    for (auto j = after[i].begin(); j != after[i].end();) j = reached[i].has(*j) ? after[i].erase(j) : std::next(j);
    for (size_t j : after[i]) reached[i].add(j);
  }
}

void addName(std::string& names, const std::string& name) {
  if ((" + " + names + " + ").find(" + " + name + " + ") != std::string::npos) return;
  names += (names.empty() ? "" : " + ") + name;
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

// `early`: what is captured next comes to the GPU when all blocks of those kernels have begun to work, and waits there.
void setFront(cudaStream_t stream, GraphNodes& nodes, bool early = false) {
  cudaGraphEdgeData edge{};
  edge.from_port = cudaGraphKernelNodePortProgrammatic;
  edge.type = cudaGraphDependencyTypeProgrammatic;
  const std::vector<cudaGraphEdgeData> edges(nodes.size(), edge);
  check(cudaStreamUpdateCaptureDependencies(stream, nodes.data(), early ? edges.data() : nullptr, nodes.size(),
                                            cudaStreamSetCaptureDependencies),
        "cudaStreamUpdateCaptureDependencies");
}

}  // namespace

Schedule::Schedule(const std::vector<std::vector<Task>>& steps, const std::vector<Task>& end, bool dependentLaunch) {
  for (const std::vector<Task>& step : steps) tasks_.insert(tasks_.end(), step.begin(), step.end());
  const size_t repeated = tasks_.size();
  tasks_.insert(tasks_.end(), end.begin(), end.end());
  std::vector<Placed> all = place(tasks_, repeated, steps.front().size());
  size_t levels = 0;
  for (const Placed& placed : all) levels = std::max(levels, placed.earliest + 1);
  findLatest(all, levels);

  std::vector<size_t> ready;  // launches, in their order, that do not depend on each other
  for (size_t i = 0; i < all.size(); i++)
    if (all[i].waitsFor == 0) ready.push_back(i);
  std::vector<std::set<size_t>> after;
  for (size_t level = 0; level < levels; level++) {
    std::set<Launch::Enqueue> due;
    for (size_t i : ready)
      if (all[i].latest == level || all[i].launch->blocks >= fewBlocks) due.insert(all[i].launch->enqueue);
    // The node of this level that still has room, by kind.
    std::map<Launch::Enqueue, size_t> open;
    std::vector<size_t> next;
    for (size_t i : ready) {
      Placed& placed = all[i];
      const Launch* launch = placed.launch;
      if (due.count(launch->enqueue) == 0) {
        next.push_back(i);
        continue;
      }
      const auto [slot, isNew] = open.try_emplace(launch->enqueue, nodes_.size());
      if (isNew || nodes_[slot->second].launches.size() == launch->capacity) {
        slot->second = nodes_.size();
        nodes_.emplace_back();
        after.emplace_back();
      }
      placed.node = slot->second;
      nodes_[placed.node].launches.push_back(launch);
      addName(nodes_[placed.node].name, placed.task->name);
      for (size_t before : placed.after) after[placed.node].insert(all[before].node);
      for (size_t later : placed.before)
        if (--all[later].waitsFor == 0) next.push_back(later);
    }
    std::sort(next.begin(), next.end());
    ready = std::move(next);
  }
  dropImplied(after);
  for (size_t i = 0; i < nodes_.size(); i++) {
    Node& node = nodes_[i];
    node.after.assign(after[i].begin(), after[i].end());
    // All of them must wait: who waits for one of them has then waited for whatever it has waited for.
    node.early = dependentLaunch && !node.after.empty() && waits(node);
    for (size_t before : node.after) {
      nodes_[before].last = false;
      node.early = node.early && waits(nodes_[before]);
    }
  }
}

GraphFigures Schedule::figures() const {
  GraphFigures figures{nodes_.size(), 0, 0, 0, {}};
  std::vector<size_t> levels(nodes_.size(), 1);
  for (size_t i = 0; i < nodes_.size(); i++) {
    for (size_t before : nodes_[i].after) levels[i] = std::max(levels[i], levels[before] + 1);
    figures.levels = std::max(figures.levels, levels[i]);
    figures.parameterBytes += nodes_[i].launches.front()->parameterBytes;
    if (nodes_[i].early) figures.early++;
  }
  // From the end: the node of each level that the one after it waits for.
  std::vector<size_t> candidates(nodes_.size());
  for (size_t i = 0; i < nodes_.size(); i++) candidates[i] = i;
  for (size_t level = figures.levels; level > 0; level--) {
    const size_t node = *std::find_if(candidates.begin(), candidates.end(), [&](size_t i) { return levels[i] == level; });
    figures.longestPath.insert(figures.longestPath.begin(), nodes_[node].name);
    candidates = nodes_[node].after;
  }
  return figures;
}

void Schedule::capture(cudaStream_t stream) const {
  const GraphNodes start = frontOf(stream);
  std::vector<GraphNodes> captured;
  GraphNodes end;
  for (const Node& node : nodes_) {
    GraphNodes front = node.after.empty() ? start : GraphNodes{};
    for (size_t before : node.after) front.insert(front.end(), captured[before].begin(), captured[before].end());
    setFront(stream, front, node.early);
    node.launches.front()->enqueue(node.launches, stream);
    captured.push_back(frontOf(stream));
    if (node.last) end.insert(end.end(), captured.back().begin(), captured.back().end());
  }
  if (!nodes_.empty()) setFront(stream, end);
}

}  // namespace cuda_gan::cuda
