// Threads of a block as fibers of the processor's thread that runs it.
#pragma once
#include <cstdint>
#include <functional>
#include <random>

namespace cuda_emulator {

// Runs `body` in `threads` fibers, in random order between barriers. Returns false when they wait for each other for ever.
bool runBlock(int threads, const std::function<void()>& body, std::mt19937& random);

}  // namespace cuda_emulator
