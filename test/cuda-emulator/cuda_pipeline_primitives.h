// Asynchronous copies to shared memory.
#pragma once
#include "cuda_runtime.h"

inline void __pipeline_memcpy_async(void* target, const void* source, size_t bytes, size_t zeros = 0) {
  cuda_emulator::copyLater(target, source, bytes, zeros);
}
inline void __pipeline_commit() { cuda_emulator::commitCopies(); }
// As on the GPU, which tells up to 8 groups apart.
inline void __pipeline_wait_prior(size_t mayBeOpen) { cuda_emulator::waitForCopies(mayBeOpen < 8 ? mayBeOpen : 8); }
