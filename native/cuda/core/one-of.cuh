// A body that is one of several types: what lets unlike bodies go to the GPU as one launch.
#pragma once
#include <algorithm>
#include <cstdint>
#include <new>
#include <type_traits>

namespace cuda_gan::cuda {

template <class... Bodies>
class OneOf {
 public:
  template <class Body>
  static constexpr bool includes = (std::is_same_v<Body, Bodies> || ...);
  static constexpr int threads = std::max({Bodies::threads...});
  static constexpr size_t sharedBytes = std::max({Bodies::sharedBytes...});
  static_assert(((Bodies::threads == threads) && ...));

  OneOf() = default;
  template <class Body>
  explicit OneOf(const Body& body) : type_(numberOf<Body>()) {
    static_assert(includes<Body>);
    new (memory_) Body(body);
  }

  __device__ void operator()(int64_t block) const { run<0, Bodies...>(block); }

 private:
  template <class Body>
  static constexpr int numberOf() {
    int number = 0;
    for (const bool same : {std::is_same_v<Body, Bodies>...}) {
      if (same) break;
      number++;
    }
    return number;
  }

  template <int number, class Body, class... Others>
  __device__ void run(int64_t block) const {
    if (type_ == number) return (*reinterpret_cast<const Body*>(memory_))(block);
    if constexpr (sizeof...(Others) > 0) run<number + 1, Others...>(block);
  }

  alignas(Bodies...) unsigned char memory_[std::max({sizeof(Bodies)...})];
  int type_;
};

}  // namespace cuda_gan::cuda
