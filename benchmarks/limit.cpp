// Measures what this machine can do at best: multiply-adds on registers alone, and copying within a working set of the
// size that training the article's networks has. Usage: limit <threads> <bytes>; prints "<GFLOP/s> <GB/s>".
// Compile with -O3 -march=native, so that the widest vectors are used.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
typedef float Vec __attribute__((vector_size(lanes * 4)));

constexpr int trials = 20;
// Enough independent sums to keep every multiply-add unit busy through its latency.
constexpr int chains = 12;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds that the slowest of `threads` threads needs for its part, started together; the best of the trials.
double bestOf(int threads, const std::function<void(int)>& part) {
  double best = 1e9;
  for (int trial = 0; trial < trials; trial++) {
    std::atomic<int> ready{0};
    std::vector<double> seconds(static_cast<size_t>(threads));
    std::vector<std::thread> team;
    for (int i = 0; i < threads; i++) {
      team.emplace_back([&, i] {
        ready++;
        while (ready < threads) {
        }
        const double start = now();
        part(i);
        seconds[static_cast<size_t>(i)] = now() - start;
      });
    }
    for (auto& thread : team) thread.join();
    best = std::min(best, *std::max_element(seconds.begin(), seconds.end()));
  }
  return best;
}

volatile float sink;

void multiplyAdd(long rounds) {
  Vec sums[chains];
  // None begins at 1, where a·1 + b is 1 again: the compiler would see that and leave that sum out.
  for (int i = 0; i < chains; i++) sums[i] = Vec{} + 1.5f + static_cast<float>(i);
  const Vec a = Vec{} + 0.999f, b = Vec{} + 1e-3f;
  for (long round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < chains; i++) sums[i] = sums[i] * a + b;
  }
  Vec total = {};
  for (const Vec& sum : sums) total += sum;
  sink = total[0];
}

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: limit <threads> <bytes>\n");
    return 2;
  }
  const int threads = std::atoi(arguments[1]);
  const size_t bytes = static_cast<size_t>(std::atoll(arguments[2])) / static_cast<size_t>(threads) / 2;

  constexpr long rounds = 2000000;
  const double flops = 2.0 * lanes * chains * rounds * threads;
  const double multiplySeconds = bestOf(threads, [](int) { multiplyAdd(rounds); });

  std::vector<std::vector<char>> sources(static_cast<size_t>(threads), std::vector<char>(bytes, 1));
  std::vector<std::vector<char>> targets(static_cast<size_t>(threads), std::vector<char>(bytes, 2));
  constexpr int copies = 20;
  const double copySeconds = bestOf(threads, [&](int i) {
    for (int copy = 0; copy < copies; copy++) {
      std::memcpy(targets[static_cast<size_t>(i)].data(), sources[static_cast<size_t>(i)].data(), bytes);
      std::swap(targets[static_cast<size_t>(i)], sources[static_cast<size_t>(i)]);
    }
  });
  const double copied = 2.0 * static_cast<double>(bytes) * copies * threads;
  std::printf("%.1f %.1f\n", flops / multiplySeconds / 1e9, copied / copySeconds / 1e9);
}
