// Aligned memory. Large blocks ask for huge pages: weights are read along columns, a page per row otherwise.
#pragma once
#include <cstddef>
#include <memory>

namespace cuda_gan::cpu {

struct FreeMemory {
  size_t offset = 0;  // of the memory within its block
  size_t alignment = 0;  // of the block
  void operator()(void* memory) const;
};
using Memory = std::unique_ptr<void, FreeMemory>;

// Zero-filled, aligned to a cache line at least. Throws std::bad_alloc.
Memory allocateMemory(size_t bytes);

// Whether memory is aligned as kernels want it.
bool isAligned(const void* memory);

}  // namespace cuda_gan::cpu
