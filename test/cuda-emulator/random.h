// Random numbers for the order of things: xorshift64*, Vigna 2016.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace cuda_emulator {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 0x1234567) {
    if (state_ == 0) state_ = 1;
    for (int i = 0; i < 8; i++) below(1);  // neighbouring seeds begin alike
  }
  // A number in [0, n).
  uint32_t below(uint32_t n) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<uint32_t>((((state_ * 0x2545f4914f6cdd1du) >> 32) * n) >> 32);
  }
  // Takes a random element out of `items`, a vector that is not empty.
  template <class Items>
  auto take(Items& items) {
    std::swap(items[below(static_cast<uint32_t>(items.size()))], items.back());
    const auto taken = items.back();
    items.pop_back();
    return taken;
  }

 private:
  uint64_t state_;
};

}  // namespace cuda_emulator
