#include "memory.h"

#include <cstdlib>
#include <cstring>
#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cuda_gan::cpu {

namespace {
constexpr size_t cacheLine = 64;
constexpr size_t hugePage = 2 << 20;
}  // namespace

void FreeMemory::operator()(void* memory) const { std::free(memory); }

Memory allocateMemory(size_t bytes) {
  const size_t alignment = bytes >= hugePage ? hugePage : cacheLine;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, rounded == 0 ? alignment : rounded) != 0) throw std::bad_alloc();
#if defined(__linux__)
  if (alignment == hugePage) madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  std::memset(memory, 0, bytes);
  return Memory(memory);
}

}  // namespace cuda_gan::cpu
