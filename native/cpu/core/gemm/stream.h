// Aᵀ · B of few columns: A, which is read across its rows, streams by once, and so does B, while C stays in the second-level
// cache. Neither is packed. The depth of a block is so small that its rows are few enough streams for the processor, which then
// fetches them by itself: packed in blocks of another shape, A would be waited for. What the prefetcher misses, tiles ask for.
#pragma once
#include "tile.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// Rows of A in a block: Intel's processors follow 32 streams. A constant: it decides the order of summation.
constexpr int64_t streamDepth = 24;

// Rows of B where they are, beside rows of A of which the next line of the cache is fetched.
struct RowsBesideStream {
  Rows rows, stream;

  template <int vectors>
  __attribute__((always_inline)) void read(Vec (&into)[vectors]) {
    __builtin_prefetch(stream.row + cacheLineFloats);
    for (int j = 0; j < vectors; j++) into[j] = load(rows.row + j * lanes);
    stream.row += stream.stride;
    rows.row += rows.stride;
  }
};

// `count` tiles below each other. `a` begins at the first one's rows, which lie along memory.
template <int rows, int vectors, typename Sink>
__attribute__((noinline)) void streamTiles(int64_t count, int64_t depth, Rows a, Rows b, TilePlace place, const Sink& sink) {
  for (; count > 0; count--, place.row += rows, a.row += rows) {
    Tile<rows, vectors> sum;
    multiplyTile<rows, vectors>(depth, {a.row, 1, a.stride}, RowsBesideStream{b, a}, sum);
    sink.template put<rows, vectors>(place, sum);
  }
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
