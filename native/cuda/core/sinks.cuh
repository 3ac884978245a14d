// What becomes of the elements of a matrix product: sinks, to which Gemm hands complete tiles.
//
// A sink has put<Shape>(sums, tile), which all threads of a block call: `sums` is the tile [rows][columns] in shared
// memory; tile.place(r, c) is the place of element (r, c) in the result, row-major and counted in elements, or -1 where
// there is none, and tile.column(c) the index along the result's last axis.
#pragma once
#include "adam.cuh"

namespace cuda_gan::cuda {

// Calls f(place, column, element) for every element.
template <class F>
struct EachElement {
  F f;

  template <class Shape, class Tile>
  __device__ void put(const float* sums, const Tile& tile) const {
    for (int at = threadIdx.x; at < Shape::rows * Shape::columns; at += Shape::threads) {
      const int c = at % Shape::columns;
      const int64_t place = tile.place(at / Shape::columns, c);
      if (place >= 0) f(place, tile.column(c), sums[at]);
    }
  }
};

struct StoreElement {
  float* y;
  __device__ void operator()(int64_t place, int64_t, float element) const { y[place] = element; }
};
using Store = EachElement<StoreElement>;

inline Store storeIn(const Tensor& y) { return {{y.floats()}}; }

// The product is the gradient of the parameters that Adam updates.
struct AdamSink {
  Adam adam;

  template <class Shape, class Tile>
  __device__ void put(const float* sums, const Tile& tile) const {
    constexpr int batch = 4;  // parameters of a thread that are under way together
    static_assert(Shape::rows * Shape::columns % (batch * Shape::threads) == 0);
    const float rate = adam.rate();
    for (int first = threadIdx.x; first < Shape::rows * Shape::columns; first += batch * Shape::threads) {
      int64_t at[batch];
      float gradient[batch];
      bool inside[batch];
#pragma unroll
      for (int i = 0; i < batch; i++) {
        const int element = first + i * Shape::threads;
        at[i] = tile.place(element / Shape::columns, element % Shape::columns);
        gradient[i] = sums[element];
        inside[i] = at[i] >= 0;
      }
      adam.update(at, gradient, inside, rate);
    }
  }
};

}  // namespace cuda_gan::cuda
