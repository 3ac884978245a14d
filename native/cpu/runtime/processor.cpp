#include "processor.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstring>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace cuda_gan::cpu {

std::string processorName() {
#if defined(__x86_64__)
  // AMD64 Architecture Programmer's Manual, volume 3, appendix E.4.3: 48 characters in three leaves.
  constexpr unsigned firstLeaf = 0x80000002, leaves = 3;
  unsigned registers[leaves][4] = {};
  for (unsigned i = 0; i < leaves; i++) {
    unsigned* r = registers[i];
    __get_cpuid(firstLeaf + i, &r[0], &r[1], &r[2], &r[3]);
  }
  char text[sizeof registers + 1] = {};
  std::memcpy(text, registers, sizeof registers);
  const std::string name = text;
  const size_t begin = name.find_first_not_of(' '), end = name.find_last_not_of(' ');
  return begin == std::string::npos ? "x64 processor" : name.substr(begin, end - begin + 1);
#elif defined(__APPLE__)
  char text[128] = {};
  size_t size = sizeof text - 1;
  return sysctlbyname("machdep.cpu.brand_string", text, &size, nullptr, 0) == 0 ? text : "Apple processor";
#else
  return "arm64 processor";
#endif
}

}  // namespace cuda_gan::cpu
