#include "memory.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cuda_gan::cpu {

namespace {
constexpr size_t cacheLine = 64;
constexpr size_t hugePage = 2 << 20;
constexpr size_t pageLines = 64;

// Large blocks start at different lines of a page: a parameter and its two moments, read side by side, would otherwise
// compete for the same sets of the first-level cache.
size_t staggered() {
  static std::atomic<size_t> blocks{0};
  return blocks++ * 21 % pageLines * cacheLine;
}
}  // namespace

void FreeMemory::operator()(void* memory) const {
  ::operator delete(static_cast<char*>(memory) - offset, std::align_val_t(alignment));
}

Memory allocateMemory(size_t bytes) {
  const bool large = bytes >= hugePage / 4;
  const size_t offset = large ? staggered() : 0;
  const size_t alignment = large ? hugePage : cacheLine;
  const size_t rounded = (bytes + offset + alignment) / alignment * alignment;
  void* block = ::operator new(rounded, std::align_val_t(alignment));
#if defined(__linux__)
  if (large) madvise(block, rounded, MADV_HUGEPAGE);
#endif
  void* memory = static_cast<char*>(block) + offset;
  std::memset(memory, 0, bytes);
  return Memory(memory, FreeMemory{offset, alignment});
}

bool isAligned(const void* memory) { return reinterpret_cast<uintptr_t>(memory) % cacheLine == 0; }

}  // namespace cuda_gan::cpu
