#include "flush-subnormals.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cuda_gan::cpu {

namespace {

#if defined(__x86_64__)
// Intel 64 Architectures Software Developer's Manual, volume 1, 10.2.3: MXCSR's "flush to zero" and "denormals are zero".
constexpr uint64_t flush = 1 << 15 | 1 << 6;
uint64_t control() { return _mm_getcsr(); }
void setControl(uint64_t value) { _mm_setcsr(static_cast<unsigned>(value)); }
#elif defined(__aarch64__)
// Arm Architecture Reference Manual, FPCR: FZ, of operands and results.
constexpr uint64_t flush = 1 << 24;
uint64_t control() {
  uint64_t value;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void setControl(uint64_t value) { asm volatile("msr fpcr, %0" ::"r"(value)); }
#else
constexpr uint64_t flush = 0;
uint64_t control() { return 0; }
void setControl(uint64_t) {}
#endif

}  // namespace

FlushSubnormals::FlushSubnormals() : before_(control()) { setControl(before_ | flush); }
FlushSubnormals::~FlushSubnormals() { setControl(before_); }

}  // namespace cuda_gan::cpu
