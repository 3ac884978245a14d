// Memory of the emulated device, and page-locked memory of the host: poisoned, between guards that must not change.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <map>

#include "guards.h"

namespace cuda_emulator {

class Memory {
 public:
  explicit Memory(const char* name) : name_(name) {}

  void* allocate(size_t bytes) {
    constexpr size_t alignment = 512;  // of cudaMalloc, at least 256
    const size_t whole = (bytes + 2 * guardBytes + alignment - 1) / alignment * alignment;
    char* block = static_cast<char*>(std::aligned_alloc(alignment, whole));
    if (block == nullptr) return nullptr;
    char* memory = block + guardBytes;
    setGuard(block);
    std::memset(memory, poisonByte, bytes);
    setGuard(memory + bytes);
    allocations_[memory] = bytes;
    allocated_ += bytes;
    return memory;
  }

  // False when `memory` is not the beginning of an allocation.
  bool release(void* memory) {
    const auto found = allocations_.find(static_cast<char*>(memory));
    if (found == allocations_.end()) return false;
    allocated_ -= found->second;
    std::memset(found->first, poisonByte, found->second);  // for those who go on reading
    std::free(found->first - guardBytes);
    allocations_.erase(found);
    return true;
  }

  bool contains(const void* begin, size_t bytes) const {
    const char* at = static_cast<const char*>(begin);
    auto found = allocations_.upper_bound(const_cast<char*>(at));
    if (found == allocations_.begin()) return false;
    --found;
    return at <= found->first + found->second && bytes <= static_cast<size_t>(found->first + found->second - at);
  }

  // Whether all guards are as they were; says which is not.
  bool isIntact() const {
    bool intact = true;
    for (const auto& [memory, bytes] : allocations_) {
      const bool before = cuda_emulator::isIntact(memory - guardBytes), after = cuda_emulator::isIntact(memory + bytes);
      if (before && after) continue;
      std::fprintf(stderr, "CUDA emulator: something wrote %s an allocation of %zu bytes of %s memory\n",
                   before ? "behind" : "before", bytes, name_);
      intact = false;
    }
    return intact;
  }

  size_t allocated() const { return allocated_; }

 private:
  const char* name_;
  std::map<char*, size_t> allocations_;
  size_t allocated_ = 0;
};

}  // namespace cuda_emulator
