// Shared memory of the block that runs. What is declared __shared__ is thread_local, so it lies in this thread's part
// of the module, and all of that is poisoned for every block, but for what the emulator itself needs meanwhile.
#pragma once
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>

#include "fibers.h"
#include "guards.h"

extern __shared__ float4 cudaGanShared[];

namespace cuda_emulator {

class SharedMemory {
 public:
  struct Range {
    char* begin;
    char* end;
  };

  // `used`: what must keep its value while a block runs.
  explicit SharedMemory(std::vector<Range> used) {
    char* dynamic = reinterpret_cast<char*>(cudaGanShared);
    used.push_back({dynamic, dynamic + sharedBytesInAll});
    std::sort(used.begin(), used.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    Range all = threadLocalMemory(dynamic);
    for (const Range& range : used) {
      if (all.begin < range.begin) statics_.push_back({all.begin, range.begin});
      all.begin = range.end;
    }
    if (all.begin < all.end) statics_.push_back(all);
  }

  // Keeps the other thread_local variables of the module, from before a kernel until after it.
  void save() {
    saved_.clear();
    for (const Range& range : statics_) saved_.insert(saved_.end(), range.begin, range.end);
  }
  void restore() const {
    const char* from = saved_.data();
    for (const Range& range : statics_) {
      const auto bytes = static_cast<size_t>(range.end - range.begin);
      std::memcpy(range.begin, from, bytes);
      from += bytes;
    }
  }

  void poison(size_t dynamicBytes) {
    for (const Range& range : statics_)
      std::memset(range.begin, poisonByte, static_cast<size_t>(range.end - range.begin));
    std::memset(cudaGanShared, poisonByte, dynamicBytes);
    setGuard(endOf(dynamicBytes));
  }
  bool isIntact(size_t dynamicBytes) const { return cuda_emulator::isIntact(endOf(dynamicBytes)); }

 private:
  static char* endOf(size_t dynamicBytes) { return reinterpret_cast<char*>(cudaGanShared) + dynamicBytes; }

  // The memory of this thread for the module that `variable` belongs to; empty where it cannot be found.
  static Range threadLocalMemory(char* variable) {
    struct Search {
      char* variable;
      Range found;
    } search{variable, {nullptr, nullptr}};
    dl_iterate_phdr(
        [](dl_phdr_info* module, size_t, void* data) {
          auto& [variable, found] = *static_cast<Search*>(data);
          for (int i = 0; i < module->dlpi_phnum; i++) {
            char* begin = static_cast<char*>(module->dlpi_tls_data);
            if (module->dlpi_phdr[i].p_type != PT_TLS || begin == nullptr) continue;
            char* end = begin + module->dlpi_phdr[i].p_memsz;
            if (begin <= variable && variable < end) found = {begin, end};
          }
          return found.begin == nullptr ? 0 : 1;
        },
        &search);
    return search.found;
  }

  std::vector<Range> statics_;
  std::vector<char> saved_;
};

}  // namespace cuda_emulator
