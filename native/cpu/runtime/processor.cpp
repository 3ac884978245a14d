#include "processor.h"

#include <algorithm>
#include <thread>
#if defined(__x86_64__)
#include <cpuid.h>

#include <cstring>
#endif
#if defined(_WIN32)
#include <windows.h>

#include <vector>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#else
#include <cstdlib>
#include <fstream>
#include <set>
#include <utility>
#endif

namespace cuda_gan::cpu {

namespace {

#if defined(__APPLE__)
int coresOfSystem() {
  int cores = 0;
  size_t size = sizeof cores;
  return sysctlbyname("hw.physicalcpu", &cores, &size, nullptr, 0) == 0 ? cores : 0;
}
#elif defined(_WIN32)
int coresOfSystem() {
  DWORD bytes = 0;
  GetLogicalProcessorInformation(nullptr, &bytes);
  std::vector<SYSTEM_LOGICAL_PROCESSOR_INFORMATION> items(bytes / sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION));
  if (!GetLogicalProcessorInformation(items.data(), &bytes)) return 0;
  return static_cast<int>(std::count_if(items.begin(), items.end(), [](const auto& item) {
    return item.Relationship == RelationProcessorCore;
  }));
}
#else
// By Linux' numbering of packages and cores.
int coresOfSystem() {
  std::ifstream file("/proc/cpuinfo");
  std::set<std::pair<int, int>> cores;
  int package = 0;
  for (std::string line; std::getline(file, line);) {
    const auto value = [&] { return std::atoi(line.c_str() + line.find(':') + 1); };
    if (line.rfind("physical id", 0) == 0) package = value();
    if (line.rfind("core id", 0) == 0) cores.insert({package, value()});
  }
  return static_cast<int>(cores.size());
}
#endif

}  // namespace

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

int physicalCores() {
  const int usable = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int cores = coresOfSystem();
  return cores == 0 ? usable : std::min(usable, cores);
}

}  // namespace cuda_gan::cpu
