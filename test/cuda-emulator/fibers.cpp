#include "fibers.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "shared-memory.h"
#include "stack-switch.h"

alignas(16) thread_local float4 cudaGanShared[cuda_emulator::sharedBytesInAll / sizeof(float4)];
__thread uint3 threadIdx, blockIdx, blockDim, gridDim;

namespace cuda_emulator {

namespace {

constexpr int lanes = 32, maxThreads = 1024;
// A stack, below it a page that must not be touched, above it room to shift the stacks: at the same distance from each
// other they would compete for the same lines of the caches.
constexpr size_t stackBytes = 64 << 10, guardPage = 4096, shiftBytes = 4096;
constexpr size_t slotBytes = guardPage + stackBytes + shiftBytes;

struct Copy {
  char* target;
  const char* source;
  size_t bytes, zeros, group;
};

struct Thread {
  int fiber;  // that it waits in
  std::vector<Copy> copies;
  size_t groups = 0;  // committed so far
  bool mustWait;      // for the kernels before
};

enum class Meeting { Shuffle, Vote, Synchronise };

struct Warp {
  uint32_t existing, ended, waiting;  // bits of lanes
  // What each lane came with, and what it gets.
  Meeting meeting[lanes];
  uint32_t mask[lanes];
  uint64_t given[lanes], result[lanes];
  int source[lanes];
};

struct Pool {
  char* slots;
  Stack stacks[maxThreads], scheduler;
  int prepared = 0;  // fibers that have a stack
  std::vector<int> freeFibers;
  Thread threads[maxThreads];
  Warp warps[maxThreads / lanes];
  std::vector<int> unstarted, ready, atBarrier;  // threads
  int alive = 0;
  int running = 0, fiber = 0;  // the thread that runs, and where
  const Body* body = nullptr;
  bool early = false;  // whether the kernel comes before those that it waits for have ended
  Random* random = nullptr;
  cudaError_t failure = cudaSuccess;
  SharedMemory shared;

  Pool();
  ~Pool() { munmap(slots, slotBytes * maxThreads); }
};

__thread Pool* pool = nullptr;

template <class T>
SharedMemory::Range bytesOf(T& variable) {
  char* at = reinterpret_cast<char*>(&variable);
  return {at, at + sizeof variable};
}

Pool::Pool() : shared({bytesOf(threadIdx), bytesOf(blockIdx), bytesOf(blockDim), bytesOf(gridDim), bytesOf(pool)}) {
  void* memory =
      mmap(nullptr, slotBytes * maxThreads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("CUDA emulator: no memory for stacks");
    std::abort();
  }
  slots = static_cast<char*>(memory);
}

[[noreturn]] void die(const char* what, int thread, uint32_t mask, uint32_t missing) {
  std::fprintf(
      stderr,
      "CUDA emulator: %s: block (%u, %u, %u), warp %d, lane %d, mask 0x%08x; lanes that did not take part: 0x%08x\n",
      what, blockIdx.x, blockIdx.y, blockIdx.z, thread / lanes, thread % lanes, mask, missing);
  std::abort();
}

// What a thread does that must wait before is too early.
void requireWaited(int thread) {
  if (!pool->threads[thread].mustWait) return;
  std::fprintf(stderr, "CUDA emulator: a kernel comes to the device early and does not wait (cudaGridDependencySynchronize): block (%u, %u, %u), thread %d\n",
               blockIdx.x, blockIdx.y, blockIdx.z, thread);
  std::abort();
}

void setIndex(int thread) {
  const auto t = static_cast<unsigned>(thread);
  threadIdx.x = t % blockDim.x;
  threadIdx.y = t / blockDim.x % blockDim.y;
  threadIdx.z = t / blockDim.x / blockDim.y;
  pool->running = thread;
}

void makeReady(std::vector<int>& waiting) {
  pool->ready.insert(pool->ready.end(), waiting.begin(), waiting.end());
  waiting.clear();
}

// Lets this thread wait until it is made ready.
void wait() {
  pool->threads[pool->running].fiber = pool->fiber;
  switchStacks(pool->stacks[pool->fiber], pool->scheduler);
}

// If all lanes that `thread` waits for are there, gives each its result and makes the others ready.
bool complete(int thread) {
  Warp& warp = pool->warps[thread / lanes];
  const int lane = thread % lanes;
  const Meeting meeting = warp.meeting[lane];
  const uint32_t mask = warp.mask[lane];
  uint32_t needed = mask & warp.existing;
  if (meeting == Meeting::Synchronise) needed &= ~warp.ended;
  if ((warp.waiting & needed) != needed) return false;
  uint64_t votes = 0;
  for (uint32_t left = needed; left != 0; left &= left - 1) {
    const int other = __builtin_ctz(left);
    if (warp.mask[other] != mask || warp.meeting[other] != meeting) return false;
    votes |= (warp.given[other] & 1) << other;
  }
  for (uint32_t left = needed; left != 0; left &= left - 1) {
    const int other = __builtin_ctz(left);
    // What comes from a lane that takes no part is undefined: NaN here.
    const bool defined = (needed >> warp.source[other] & 1) != 0;
    warp.result[other] = meeting == Meeting::Vote ? votes : defined ? warp.given[warp.source[other]] : ~uint64_t{0};
    if (other != lane) pool->ready.push_back(thread - lane + other);
  }
  warp.waiting &= ~needed;
  return true;
}

uint64_t meet(Meeting meeting, uint32_t mask, uint64_t value, int source) {
  const int thread = pool->running, lane = thread % lanes;
  requireWaited(thread);
  if ((mask >> lane & 1) == 0) die("a lane calls a function of its warp with a mask without itself", thread, mask, 0);
  Warp& warp = pool->warps[thread / lanes];
  warp.meeting[lane] = meeting;
  warp.mask[lane] = mask;
  warp.given[lane] = value;
  warp.source[lane] = source & (lanes - 1);
  warp.waiting |= 1u << lane;
  if (!complete(thread)) wait();
  return warp.result[lane];
}

// Those who wait for this thread need not any more.
void end(int thread) {
  requireWaited(thread);
  pool->alive--;
  if (!pool->atBarrier.empty() && static_cast<int>(pool->atBarrier.size()) == pool->alive) makeReady(pool->atBarrier);
  Warp& warp = pool->warps[thread / lanes];
  warp.ended |= 1u << thread % lanes;
  for (uint32_t left = warp.waiting; left != 0; left &= left - 1) {
    const int lane = __builtin_ctz(left), other = thread / lanes * lanes + lane;
    if ((warp.waiting >> lane & 1) != 0 && warp.meeting[lane] == Meeting::Synchronise && complete(other))
      pool->ready.push_back(other);
  }
  pool->threads[thread].copies.clear();
}

// What a fiber does: threads that run to their end without waiting follow each other in the same one.
void live() {
  for (;;) {
    do {
      setIndex(pool->random->take(pool->unstarted));
      pool->body->run();
      end(pool->running);
    } while (!pool->unstarted.empty() && pool->ready.empty());
    pool->freeFibers.push_back(pool->fiber);
    switchStacks(pool->stacks[pool->fiber], pool->scheduler);
  }
}

void prepareFiber(int fiber) {
  char* bottom = pool->slots + static_cast<size_t>(fiber) * slotBytes + guardPage;
  prepare(pool->stacks[fiber], bottom, bottom + stackBytes + static_cast<size_t>(fiber * 5 % 16) * (shiftBytes / 16),
          live);
}

int takeFiber() {
  if (pool->freeFibers.empty()) {
    mprotect(pool->slots + static_cast<size_t>(pool->prepared) * slotBytes, guardPage, PROT_NONE);
    prepareFiber(pool->prepared);
    return pool->prepared++;
  }
  const int fiber = pool->freeFibers.back();
  pool->freeFibers.pop_back();
  return fiber;
}

void resume(int fiber) {
  pool->fiber = fiber;
  switchStacks(pool->scheduler, pool->stacks[fiber]);
}

// No thread can go on: those that are left wait for lanes that never come.
[[noreturn]] void dieWaiting(int threads) {
  static const char* const names[] = {"a shuffle without all lanes of its mask", "a vote without all lanes of its mask",
                                      "__syncwarp without all lanes of its mask"};
  for (int thread = 0; thread < threads; thread++) {
    const Warp& warp = pool->warps[thread / lanes];
    const int lane = thread % lanes;
    if ((warp.waiting >> lane & 1) == 0) continue;
    uint32_t missing = 0;
    for (int other = 0; other < lanes; other++) {
      const bool same = (warp.waiting >> other & 1) != 0 && warp.mask[other] == warp.mask[lane] &&
                        warp.meeting[other] == warp.meeting[lane];
      if ((warp.mask[lane] & warp.existing) >> other & 1 && !same) missing |= 1u << other;
    }
    die(names[static_cast<int>(warp.meeting[lane])], thread, warp.mask[lane], missing);
  }
  std::abort();
}

void startBlock(int threads) {
  pool->unstarted.resize(static_cast<size_t>(threads));
  for (int i = 0; i < threads; i++) {
    pool->unstarted[static_cast<size_t>(i)] = i;
    pool->threads[i].mustWait = pool->early;
  }
  pool->alive = threads;
  for (int warp = 0; warp * lanes < threads; warp++) {
    const int count = threads - warp * lanes;
    pool->warps[warp].existing = count >= lanes ? ~uint32_t{0} : (1u << count) - 1;
    pool->warps[warp].ended = pool->warps[warp].waiting = 0;
  }
}

// The threads of a kernel that failed are left where they are; the next ones begin anew.
void abandonBlock() {
  pool->ready.clear();
  pool->atBarrier.clear();
  pool->freeFibers.clear();
  for (Thread& thread : pool->threads) thread.copies.clear();
  for (int fiber = 0; fiber < pool->prepared; fiber++) {
    prepareFiber(fiber);
    pool->freeFibers.push_back(fiber);
  }
}

cudaError_t runBlock(int threads, size_t sharedBytes) {
  pool->shared.poison(sharedBytes);
  startBlock(threads);
  while (pool->alive > 0) {
    const size_t unstarted = pool->unstarted.size(), ready = pool->ready.size();
    if (unstarted + ready == 0) dieWaiting(threads);
    if (pool->random->below(static_cast<uint32_t>(unstarted + ready)) < unstarted) {
      resume(takeFiber());
    } else {
      const int thread = pool->random->take(pool->ready);
      setIndex(thread);
      resume(pool->threads[thread].fiber);
    }
    if (pool->failure == cudaSuccess) continue;
    abandonBlock();
    return std::exchange(pool->failure, cudaSuccess);
  }
  if (pool->shared.isIntact(sharedBytes)) return cudaSuccess;
  std::fprintf(stderr, "CUDA emulator: block (%u, %u, %u) wrote beyond its %zu bytes of dynamic shared memory\n",
               blockIdx.x, blockIdx.y, blockIdx.z, sharedBytes);
  return cudaErrorIllegalAddress;
}

}  // namespace

cudaError_t runKernel(dim3 grid, dim3 block, size_t sharedBytes, const Body& body, bool early, Random& random) {
  static thread_local std::unique_ptr<Pool> own;
  if (own == nullptr) own = std::make_unique<Pool>();
  pool = own.get();
  pool->body = &body;
  pool->early = early;
  pool->random = &random;
  blockDim = block;
  gridDim = grid;
  std::vector<uint64_t> blocks(uint64_t{grid.x} * grid.y * grid.z);
  for (size_t i = 0; i < blocks.size(); i++) blocks[i] = i;
  cudaError_t status = cudaSuccess;
  pool->shared.save();
  while (!blocks.empty() && status == cudaSuccess) {
    const uint64_t index = random.take(blocks);
    blockIdx = {static_cast<unsigned>(index % grid.x), static_cast<unsigned>(index / grid.x % grid.y),
                static_cast<unsigned>(index / grid.x / grid.y)};
    status = runBlock(static_cast<int>(block.x * block.y * block.z), sharedBytes);
  }
  pool->shared.restore();
  return status;
}

void barrier() {
  requireWaited(pool->running);
  pool->atBarrier.push_back(pool->running);
  if (static_cast<int>(pool->atBarrier.size()) == pool->alive) makeReady(pool->atBarrier);
  wait();
}

void synchronizeWarp(unsigned mask) { meet(Meeting::Synchronise, mask, 0, 0); }
uint64_t exchange(unsigned mask, uint64_t value, int source) { return meet(Meeting::Shuffle, mask, value, source); }
unsigned ballot(unsigned mask, bool predicate) {
  return static_cast<unsigned>(meet(Meeting::Vote, mask, predicate, 0));
}
int lane() { return pool->running % lanes; }

void waitForKernelsBefore() { pool->threads[pool->running].mustWait = false; }

void trap() {
  pool->failure = cudaErrorLaunchFailure;
  for (;;) wait();
}

void copyLater(void* target, const void* source, size_t bytes, size_t zeros) {
  if ((bytes != 4 && bytes != 8 && bytes != 16) || zeros > bytes || reinterpret_cast<uintptr_t>(target) % bytes != 0 ||
      reinterpret_cast<uintptr_t>(source) % bytes != 0) {
    std::fprintf(stderr,
                 "CUDA emulator: __pipeline_memcpy_async(%p, %p, %zu, %zu): 4, 8 or 16 bytes, aligned to that\n",
                 target, source, bytes, zeros);
    std::abort();
  }
  requireWaited(pool->running);
  Thread& thread = pool->threads[pool->running];
  std::memset(target, poisonByte, bytes);
  thread.copies.push_back({static_cast<char*>(target), static_cast<const char*>(source), bytes, zeros, thread.groups});
}

void commitCopies() { pool->threads[pool->running].groups++; }

void waitForCopies(size_t mayBeOpen) {
  Thread& thread = pool->threads[pool->running];
  std::vector<Copy>& copies = thread.copies;
  size_t done = 0;
  for (; done < copies.size() && copies[done].group + mayBeOpen < thread.groups; done++) {
    const Copy& copy = copies[done];
    std::memcpy(copy.target, copy.source, copy.bytes - copy.zeros);
    std::memset(copy.target + copy.bytes - copy.zeros, 0, copy.zeros);
  }
  copies.erase(copies.begin(), copies.begin() + static_cast<std::ptrdiff_t>(done));
}

}  // namespace cuda_emulator
