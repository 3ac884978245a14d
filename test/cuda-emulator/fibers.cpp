#include "fibers.h"

#include <sys/mman.h>


#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "cuda_runtime.h"

thread_local uint3 threadIdx, blockIdx;

namespace cuda_emulator {

namespace {

constexpr int warpSize = 32, maxThreads = 1024;
constexpr size_t stackBytes = 64 << 10;

struct Copy {
  char* target;
  const char* source;
  size_t bytes, zeros;
};

enum class State { Ready, AtBarrier, AtExchange, Ended };

struct Fiber {
  void* stackPointer;
  State state;
  std::vector<std::vector<Copy>> groups;  // asynchronous copies that were committed
  std::vector<Copy> open;                 // and those that were not yet
};

struct Warp {
  uint64_t given[warpSize], taken[warpSize];
  int arrived;
};

struct Pool {
  char* stacks;
  Fiber fibers[maxThreads];
  Warp warps[maxThreads / warpSize];
  Fiber* current = nullptr;
  void* scheduler = nullptr;  // its stack pointer, while a fiber runs
  const std::function<void()>* body = nullptr;
  int threads = 0;

  Pool();
  ~Pool() { munmap(stacks, stackBytes * maxThreads); }
};

thread_local std::unique_ptr<Pool> pool;

#if defined(__x86_64__)
// Saves what a function must keep, swaps the stacks, and goes on where the other one was left.
extern "C" void cudaEmulatorSwitch(void** from, void* to);
asm(R"(
.text
.globl cudaEmulatorSwitch
.hidden cudaEmulatorSwitch
.type cudaEmulatorSwitch, @function
cudaEmulatorSwitch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");
#else
#error "the CUDA emulator switches stacks on x86-64 only"
#endif

void yield() { cudaEmulatorSwitch(&pool->current->stackPointer, pool->scheduler); }

// What a fiber does: one thread of a block after the other.
void live() {
  for (;;) {
    (*pool->body)();
    pool->current->state = State::Ended;
    yield();
  }
}

Pool::Pool() {
  void* memory = mmap(nullptr, stackBytes * maxThreads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  stacks = static_cast<char*>(memory);
  for (int i = 0; i < maxThreads; i++) {
    // As if live() had called the switch: six saved registers, then the address to return to; the stack is aligned as
    // the calling convention wants it on entry.
    void** top = reinterpret_cast<void**>(stacks + stackBytes * (i + 1)) - 1;
    *--top = reinterpret_cast<void*>(live);
    for (int saved = 0; saved < 6; saved++) *--top = nullptr;
    fibers[i].stackPointer = top;
  }
}

void resume(int thread) {
  Fiber& fiber = pool->fibers[thread];
  threadIdx = {static_cast<unsigned>(thread), 0, 0};
  pool->current = &fiber;
  cudaEmulatorSwitch(&pool->scheduler, fiber.stackPointer);
}

int currentThread() { return static_cast<int>(pool->current - pool->fibers); }

}  // namespace

bool runBlock(int threads, const std::function<void()>& body, std::mt19937& random) {
  if (pool == nullptr) pool = std::make_unique<Pool>();
  pool->body = &body;
  pool->threads = threads;
  for (int i = 0; i < threads; i++) pool->fibers[i].state = State::Ready;
  for (Warp& warp : pool->warps) warp.arrived = 0;
  for (;;) {
    // A random order: from a random thread on, in steps that meet every thread once.
    const unsigned start = random() % threads;
    const unsigned step = threads % 2 == 0 ? random() % threads | 1 : 1;
    const bool onlyPowersOfTwo = (threads & (threads - 1)) == 0;
    bool ran = false, waiting = false;
    for (int i = 0; i < threads; i++) {
      const int thread = static_cast<int>((start + static_cast<unsigned>(i) * (onlyPowersOfTwo ? step : 1)) % threads);
      if (pool->fibers[thread].state != State::Ready) continue;
      ran = true;
      resume(thread);
    }
    if (ran) continue;
    for (int i = 0; i < threads; i++) {
      if (pool->fibers[i].state == State::AtExchange) return false;
      if (pool->fibers[i].state != State::AtBarrier) continue;
      pool->fibers[i].state = State::Ready;
      waiting = true;
    }
    if (!waiting) return true;
  }
}

void barrier() {
  pool->current->state = State::AtBarrier;
  yield();
}

uint64_t exchange(uint64_t value, int source) {
  const int thread = currentThread(), first = thread / warpSize * warpSize;
  const int lanes = std::min(warpSize, pool->threads - first);
  Warp& warp = pool->warps[thread / warpSize];
  warp.given[thread - first] = value;
  if (++warp.arrived == lanes) {
    warp.arrived = 0;
    std::memcpy(warp.taken, warp.given, sizeof warp.given);
    for (int lane = 0; lane < lanes; lane++) pool->fibers[first + lane].state = State::Ready;
  } else {
    pool->current->state = State::AtExchange;
    yield();
  }
  return warp.taken[source];
}

void copyLater(void* target, const void* source, size_t bytes, size_t zeros) {
  std::memset(target, 0xff, bytes);  // what is read too early is NaN
  pool->current->open.push_back({static_cast<char*>(target), static_cast<const char*>(source), bytes, zeros});
}

void commitCopies() {
  pool->current->groups.push_back(std::move(pool->current->open));
  pool->current->open.clear();
}

void waitForCopies(int mayBeOpen) {
  auto& groups = pool->current->groups;
  while (groups.size() > static_cast<size_t>(mayBeOpen)) {
    for (const Copy& copy : groups.front()) {
      std::memcpy(copy.target, copy.source, copy.bytes - copy.zeros);
      std::memset(copy.target + copy.bytes - copy.zeros, 0, copy.zeros);
    }
    groups.erase(groups.begin());
  }
}

}  // namespace cuda_emulator
