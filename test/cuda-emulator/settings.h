// What the environment tells the emulator. Read at every call, so that tests may set it within a process.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "cuda_runtime_api.h"

namespace cuda_emulator {

inline std::string setting(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? "" : text;
}
inline long numberOf(const char* variable, long otherwise) {
  const std::string text = setting(variable);
  return text.empty() ? otherwise : std::strtol(text.c_str(), nullptr, 10);
}

inline int driverVersion() { return static_cast<int>(numberOf("CUDA_EMULATOR_DRIVER_VERSION", CUDART_VERSION)); }
inline int deviceCount() { return static_cast<int>(numberOf("CUDA_EMULATOR_DEVICES", 1)); }
inline size_t memoryBytes() { return static_cast<size_t>(numberOf("CUDA_EMULATOR_MEMORY", 1L << 30)); }

// The part of a list "9.0,7.5" that is for a GPU; the last one is for all that follow.
inline std::string partFor(int gpu, const std::string& list) {
  size_t begin = 0;
  for (size_t comma; gpu > 0 && (comma = list.find(',', begin)) != std::string::npos; gpu--) begin = comma + 1;
  return list.substr(begin, list.find(',', begin) - begin);
}

// As 10 · major + minor. "7.5" and "75" are the same.
inline int computeCapability(int gpu) {
  const std::string text = partFor(gpu, setting("CUDA_EMULATOR_COMPUTE_CAPABILITY"));
  const size_t point = text.find('.');
  if (text.empty()) return 90;
  return point == std::string::npos ? std::stoi(text)
                                    : 10 * std::stoi(text.substr(0, point)) + std::stoi(text.substr(point + 1));
}

// Of GPUs before it, a build has no code.
constexpr int oldestComputeCapability = 75;

// CUDA_EMULATOR_FAIL="cudaMalloc@3=2,cudaGraphLaunch=719": the third call of cudaMalloc and all after it return error
// 2, and every call of cudaGraphLaunch returns 719. Counted from when the variable was set.
class Faults {
 public:
  cudaError_t next(const char* function) {
    std::string text = setting("CUDA_EMULATOR_FAIL");
    if (text != text_) {
      text_ = std::move(text);
      parse();
    }
    const auto fault = faults_.find(function);
    if (fault == faults_.end()) return cudaSuccess;
    return ++fault->second.calls >= fault->second.from ? fault->second.error : cudaSuccess;
  }

 private:
  struct Fault {
    long from;
    cudaError_t error;
    long calls;
  };

  void parse() {
    faults_.clear();
    for (size_t begin = 0; begin < text_.size();) {
      const size_t end = std::min(text_.find(',', begin), text_.size());
      const std::string entry = text_.substr(begin, end - begin);
      const size_t at = entry.find('@'), equals = entry.find('=');
      if (equals == std::string::npos) {
        std::fprintf(stderr, "CUDA emulator: CUDA_EMULATOR_FAIL has \"%s\", which is not function[@n]=error\n",
                     entry.c_str());
        std::abort();
      }
      const long from = at < equals ? std::strtol(entry.c_str() + at + 1, nullptr, 10) : 1;
      const auto error = static_cast<cudaError_t>(std::strtol(entry.c_str() + equals + 1, nullptr, 10));
      faults_[entry.substr(0, std::min(at, equals))] = {from, error, 0};
      begin = end + 1;
    }
  }

  std::string text_;
  std::map<std::string, Fault> faults_;
};

}  // namespace cuda_emulator
