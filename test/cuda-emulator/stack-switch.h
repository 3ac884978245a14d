// Goes from one stack to another. Included by one file only, since it defines a symbol.
#pragma once
#include <cstddef>

namespace cuda_emulator {

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
.size cudaEmulatorSwitch, .-cudaEmulatorSwitch
)");

using Stack = void*;

// A stack, ending at `top`, on which `entry` begins when it is first switched to.
inline void prepare(Stack& stack, char* /*bottom*/, char* top, void (*entry)()) {
  // As if `entry` had called the switch: six saved registers, then where to return to, aligned as a function wants it.
  void** at = reinterpret_cast<void**>(top) - 1;
  *--at = reinterpret_cast<void*>(entry);
  for (int saved = 0; saved < 6; saved++) *--at = nullptr;
  stack = at;
}
inline void switchStacks(Stack& from, Stack& to) { cudaEmulatorSwitch(&from, to); }

#else

}  // namespace cuda_emulator
#include <ucontext.h>
namespace cuda_emulator {

using Stack = ucontext_t;

inline void prepare(Stack& stack, char* bottom, char* top, void (*entry)()) {
  getcontext(&stack);
  stack.uc_stack.ss_sp = bottom;
  stack.uc_stack.ss_size = static_cast<size_t>(top - bottom);
  stack.uc_link = nullptr;
  makecontext(&stack, entry, 0);
}
inline void switchStacks(Stack& from, Stack& to) { swapcontext(&from, &to); }

#endif

}  // namespace cuda_emulator
