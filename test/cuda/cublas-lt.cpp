// Holds CublasLtPlan, on the stand-in for the library, to a plain product: `npm test` compiles and runs it.
#include "libraries/cublas-lt.h"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <vector>

#include "expect.h"
#include "libraries/search.h"

using namespace cuda_gan::cuda;

namespace {

// Floats at an address of which only `alignment` is known: 256, or an odd multiple of a smaller power of two.
class Floats {
 public:
  Floats(int64_t size, size_t alignment, std::mt19937& random) : memory_(static_cast<size_t>(size) + 256) {
    const auto address = reinterpret_cast<uintptr_t>(memory_.data());
    const uintptr_t start = (address + 255) / 256 * 256 + (alignment < 256 ? alignment : 0);
    data_ = memory_.data() + (start - address) / sizeof(float);
    std::normal_distribution<float> normal;
    for (int64_t i = 0; i < size; i++) data_[i] = normal(random);
  }
  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
  std::vector<float> memory_;
  float* data_;
};

// Half a unit in the last place of an operand, by its precision.
double operandError(Precision precision) {
  switch (precision) {
    case Precision::Tf32: return std::ldexp(1, -11);
    case Precision::BFloat16: return std::ldexp(1, -8);
    default: return 0;
  }
}

struct Case {
  int64_t m, n, k;
  bool transposeA, transposeB, bias, relu;
  Precision precision;
  size_t alignmentOfA, alignmentOfB, alignmentOfY, workspaceBytes;

  std::string text() const {
    return "[" + std::to_string(m) + ", " + std::to_string(k) + "] · [" + std::to_string(k) + ", " +
           std::to_string(n) + "]" + (transposeA ? " aᵀ" : "") + (transposeB ? " bᵀ" : "") + (bias ? " + bias" : "") +
           (relu ? " relu" : "") + " precision " + std::to_string(static_cast<int>(precision));
  }
};

void compareWithPlainProduct(const CublasLt& library, const Case& c, std::mt19937& random) {
  const Floats a(c.m * c.k, c.alignmentOfA, random), b(c.k * c.n, c.alignmentOfB, random), bias(c.n, 16, random);
  Floats y(c.m * c.n, c.alignmentOfY, random), workspace(static_cast<int64_t>(c.workspaceBytes / 4), 256, random);
  const MatrixProduct product{a.data(), b.data(),     y.data(),      c.m,
                              c.n,      c.k,          c.transposeA,  c.transposeB,
                              c.bias ? bias.data() : nullptr,        c.relu, c.precision};
  const CublasLtPlan plan(library, product, c.workspaceBytes ? workspace.data() : nullptr, c.workspaceBytes);
  plan.enqueue(nullptr);
  plan.enqueue(nullptr);

  bool rounds = false;
  for (int64_t row = 0; row < c.m; row++) {
    for (int64_t column = 0; column < c.n; column++) {
      double sum = c.bias ? bias.data()[column] : 0, size = std::abs(sum);
      for (int64_t i = 0; i < c.k; i++) {
        const double term = static_cast<double>(a.data()[c.transposeA ? i * c.m + row : row * c.k + i]) *
                            b.data()[c.transposeB ? column * c.k + i : i * c.n + column];
        sum += term;
        size += std::abs(term);
      }
      if (c.relu) sum = std::max(sum, 0.0);
      // Two rounded operands per term; the stand-in sums in float64 and rounds once, and once more with a bias.
      const double bound = size * (2.1 * operandError(c.precision) + std::ldexp(1, -23));
      const double error = std::abs(y.data()[row * c.n + column] - sum);
      rounds |= error > size * std::ldexp(1, -23);
      if (error <= bound) continue;
      return expect(false, c.text() + " at " + std::to_string(row) + ", " + std::to_string(column));
    }
  }
  if (c.precision != Precision::Float32 && c.m * c.n * c.k > 200 && !c.relu)
    expect(rounds, c.text() + " should round its operands");
}

void compareManyShapes(const CublasLt& library) {
  std::mt19937 random(7);
  const auto upTo = [&](uint64_t largest) { return static_cast<int64_t>(1 + random() % largest); };
  const auto alignment = [&] { return size_t{4} << 2 * (random() % 4); };
  // Deep enough for the stand-in to want a workspace.
  const int64_t deep = 300;
  for (int round = 0; round < 40; round++) {
    for (int flags = 0; flags < 16; flags++) {
      const auto precision = static_cast<Precision>((round + flags) % 3);
      const int64_t depth = round % 8 < 2 ? deep : upTo(70);
      compareWithPlainProduct(library,
                              {upTo(40), upTo(40), depth, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0,
                               (flags & 8) != 0, precision, alignment(), alignment(), alignment(),
                               round % 2 ? 8192u : 0u},
                              random);
    }
  }
}

void refuseWhatCannotBeUsed(const CublasLt& library) {
  std::mt19937 random(7);
  const Floats a(64, 256, random), b(64, 256, random);
  Floats y(64, 256, random);
  const MatrixProduct good{a.data(), b.data(), y.data(), 8, 8, 8, false, false, nullptr, false, Precision::Float32};
  const auto refused = [&](const char* part, auto change) {
    MatrixProduct product = good;
    change(product);
    expectThrow<std::invalid_argument>(part, [&] { CublasLtPlan(library, product, nullptr, 0); });
  };
  refused("must be positive", [](MatrixProduct& product) { product.k = 0; });
  refused("32 bits", [](MatrixProduct& product) { product.n = int64_t{1} << 32; });
  refused("must be given", [](MatrixProduct& product) { product.y = nullptr; });
  refused("divisible by 16", [&](MatrixProduct& product) { product.bias = b.data() + 1; });
  expectThrow<std::invalid_argument>("divisible by 256", [&] { CublasLtPlan(library, good, y.data() + 1, 16); });
  expectThrow<std::invalid_argument>("must have an address", [&] { CublasLtPlan(library, good, nullptr, 16); });
}

void nameFunctionAndStatus(const CublasLt& library) {
  std::mt19937 random(7);
  Floats a(64, 256, random);
  const Floats b(64, 256, random);
  const MatrixProduct onto{a.data(), b.data(), a.data(), 8, 8, 8, false, false, nullptr, false, Precision::Float32};
  expectThrow<std::runtime_error>("cublasLtMatmul: CUBLAS_STATUS_INVALID_VALUE (the result overlaps an operand)",
                                  [&] { CublasLtPlan(library, onto, nullptr, 0).enqueue(nullptr); });
}

}  // namespace

int main() {
  std::string reason;
  const CublasLt* library = CublasLt::find(0, &reason);
  if (!library) {
    std::printf("FAILED: %s\n", reason.c_str());
    return EXIT_FAILURE;
  }
  expect(CublasLt::find(0) == library, "the same GPU has the same context");
  expect(CublasLt::find(1) != library, "another GPU has a context of its own");

  const auto liveObjects =
      reinterpret_cast<int64_t (*)()>(dlsym(cublasLtLibrary(0).handle, "fakeCublasLtLiveObjects"));
  const int64_t before = liveObjects();
  compareManyShapes(*library);
  refuseWhatCannotBeUsed(*library);
  nameFunctionAndStatus(*library);
  expect(liveObjects() == before, "every object of the library is destroyed with its plan");
  if (failures == 0) std::printf("all hold\n");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
