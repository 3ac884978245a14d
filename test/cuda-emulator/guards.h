// Bytes around memory that must stay as they are. As float32 they are NaN, so that reading them shows as well.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cuda_emulator {

constexpr unsigned char poisonByte = 0xff;
constexpr size_t guardBytes = 512;

// By address, so that a guard need not begin at a multiple of 4.
inline const char* guardFor(const void* address) {
  static const auto pattern = [] {
    std::array<char, guardBytes + 4> bytes{};
    for (size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<char>(i % 4 == 3 ? 0xff : 0xa5);
    return bytes;
  }();
  return pattern.data() + reinterpret_cast<uintptr_t>(address) % 4;
}
inline void setGuard(void* at) { std::memcpy(at, guardFor(at), guardBytes); }
inline bool isIntact(const void* at) { return std::memcmp(at, guardFor(at), guardBytes) == 0; }

}  // namespace cuda_emulator
