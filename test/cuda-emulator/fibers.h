// Threads of a block as fibers of the processor's thread that runs it.
#pragma once
#include "cuda_runtime.h"
#include "random.h"

namespace cuda_emulator {

// What a block may take, as on compute capability 9.0, and what a multiprocessor has.
constexpr size_t sharedBytesByDefault = 48 << 10, sharedBytesAtMost = 227 << 10, sharedBytesInAll = 228 << 10;

// Runs all blocks, one after the other in random order, the threads of each in random order between barriers.
cudaError_t runKernel(dim3 grid, dim3 block, size_t sharedBytes, const Body& body, bool early, Random& random);

}  // namespace cuda_emulator
