#include "cores.h"

#include <algorithm>
#include <thread>
#if defined(_WIN32)
#include <windows.h>

#include <vector>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#else
#include <sched.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#endif

namespace cuda_gan::cpu {

namespace {

#if defined(__APPLE__)
// There are no affinity masks on macOS.
Cores coresOfSystem() {
  int cores = 0;
  size_t size = sizeof cores;
  if (sysctlbyname("hw.physicalcpu", &cores, &size, nullptr, 0) != 0) return {0, 0};
  return {cores, cores};
}
#elif defined(_WIN32)
Cores coresOfSystem() {
  DWORD_PTR usable = 0, all = 0;
  GetProcessAffinityMask(GetCurrentProcess(), &usable, &all);
  DWORD bytes = 0;
  GetLogicalProcessorInformation(nullptr, &bytes);
  std::vector<SYSTEM_LOGICAL_PROCESSOR_INFORMATION> items(bytes / sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION));
  if (!GetLogicalProcessorInformation(items.data(), &bytes)) return {0, 0};
  Cores cores = {0, 0};
  for (const auto& item : items) {
    if (item.Relationship != RelationProcessorCore) continue;
    cores.all++;
    if (item.ProcessorMask & usable) cores.usable++;
  }
  return cores;
}
#else
// Hardware threads of one core name the same siblings. Not /proc/cpuinfo, in which LXC numbers them anew, unlike the
// mask.
Cores coresOfSystem() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  sched_getaffinity(0, sizeof mask, &mask);
  std::set<std::string> all, usable;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/devices/system/cpu", none)) {
    int cpu = 0;
    if (std::sscanf(entry.path().filename().c_str(), "cpu%d", &cpu) != 1) continue;
    std::ifstream file(entry.path() / "topology/thread_siblings_list");
    std::string siblings;
    if (!std::getline(file, siblings)) continue;
    all.insert(siblings);
    if (CPU_ISSET(cpu, &mask)) usable.insert(siblings);
  }
  const auto count = usable.empty() ? CPU_COUNT(&mask) : usable.size();
  return {static_cast<int>(all.size()), static_cast<int>(count)};
}
#endif

}  // namespace

Cores countCores() {
  const Cores found = coresOfSystem();
  const int all = found.all > 0 ? found.all : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return {all, found.usable > 0 ? std::min(found.usable, all) : all};
}

}  // namespace cuda_gan::cpu
