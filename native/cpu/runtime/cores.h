// How many cores the machine has, and how many of them this process may run on.
#pragma once

namespace cuda_gan::cpu {

// Cores, not hardware threads, as far as the system tells; at least 1 each.
struct Cores {
  int all;
  int usable;  // those of which the process' affinity mask leaves a hardware thread
};

Cores countCores();

}  // namespace cuda_gan::cpu
