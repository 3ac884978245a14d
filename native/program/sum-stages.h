// How a sum over axes is cut up, the same on every native device. Neighbouring axes that share a fate are joined; then
// each group of summed axes is one stage, x [outer, length, inner] to [outer, inner], long ones by way of partial sums
// of `sumChunkLength` elements.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace cuda_gan {

constexpr int64_t sumChunkLength = 1024;

// Sums over chunks: x [outer, length, inner] to y [outer, chunks, inner].
struct SumStage {
  int64_t outer, length, inner, chunks;
  bool last;  // its result is that of the whole sum
};

inline std::vector<SumStage> sumStages(const std::vector<int64_t>& shape, const std::vector<double>& axes) {
  struct Group {
    int64_t length;
    bool summed;
  };
  std::vector<Group> groups;
  for (size_t i = 0; i < shape.size(); i++) {
    const bool summed = std::find(axes.begin(), axes.end(), static_cast<double>(i)) != axes.end();
    if (!groups.empty() && groups.back().summed == summed) {
      groups.back().length *= shape[i];
    } else {
      groups.push_back({shape[i], summed});
    }
  }
  // A sum over nothing is a copy: a sum over an axis of length 1.
  if (std::none_of(groups.begin(), groups.end(), [](const Group& group) { return group.summed; }))
    groups.push_back({1, true});

  const auto size = [&](size_t from, size_t to) {
    int64_t product = 1;
    for (size_t i = from; i < to; i++) product *= groups[i].length;
    return product;
  };
  std::vector<SumStage> stages;
  for (size_t i = groups.size(); i-- > 0;) {
    if (!groups[i].summed) continue;
    int64_t length = groups[i].length, chunks;
    do {
      chunks = std::max<int64_t>(1, (length + sumChunkLength - 1) / sumChunkLength);
      stages.push_back({size(0, i), length, size(i + 1, groups.size()), chunks, false});
      length = chunks;
    } while (chunks > 1);
    groups[i] = {1, false};
  }
  stages.back().last = true;
  return stages;
}

}  // namespace cuda_gan
