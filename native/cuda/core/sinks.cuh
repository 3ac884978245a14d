// What becomes of the elements of a matrix product: sinks, to which Gemm hands complete tiles.
//
// A sink has put<Shape>(sums, tile), which all threads of a block call: `sums` is the tile [rows][columns] in shared
// memory, and tile.place(r, c) says where element (r, c) belongs.
#pragma once
#include "activations.cuh"
#include "adam.cuh"
#include "tile-shape.cuh"

namespace cuda_gan::cuda {

// Calls f(index, column, element) for every element.
template <class F>
struct EachElement {
  F f;

  template <class Shape, class Tile>
  __device__ void put(const float* sums, const Tile& tile) const {
    constexpr int underWay = Shape::rows * Shape::columns < 4 * Shape::threads ? 1 : 4;
#pragma unroll underWay
    for (int at = threadIdx.x; at < Shape::rows * Shape::columns; at += Shape::threads) {
      const Place place = tile.place(at / Shape::columns, at % Shape::columns);
      if (place.inside) f(place.index, place.column, sums[at]);
    }
  }
};

struct StoreElement {
  float* y;
  __device__ void operator()(int64_t index, int64_t, float element) const { y[index] = element; }
};
using Store = EachElement<StoreElement>;

inline Store storeIn(const Tensor& y) { return {{y.floats()}}; }

// y = f(element + bias of its column)
struct BiasActivation {
  const float* bias;
  Activation activation;
  float* y;
  __device__ void operator()(int64_t index, int64_t column, float element) const {
    y[index] = activation.value(element + bias[column]);
  }
};

inline EachElement<BiasActivation> biasActivationIn(const Tensor& y, const Tensor& bias, const Attributes& activation) {
  return {{bias.floats(), activationOf(activation), y.floats()}};
}

// The product is the gradient of the parameters that Adam updates.
struct AdamSink {
  Adam adam;

  template <class Shape, class Tile>
  __device__ void put(const float* sums, const Tile& tile) const {
    // Parameters of a thread that are under way together.
    constexpr int batch = Shape::rows * Shape::columns < 4 * Shape::threads ? 1 : 4;
    static_assert(batch == 1 || Shape::rows * Shape::columns % (batch * Shape::threads) == 0);
    const float rate = adam.rate();
    for (int first = threadIdx.x; first < Shape::rows * Shape::columns; first += batch * Shape::threads) {
      int64_t at[batch];
      float gradient[batch];
      bool inside[batch];
#pragma unroll
      for (int i = 0; i < batch; i++) {
        const int element = first + i * Shape::threads;
        const Place place = tile.place(element / Shape::columns, element % Shape::columns);
        at[i] = place.index;
        gradient[i] = sums[element];
        inside[i] = place.inside;
      }
      adam.update(at, gradient, inside, rate);
    }
  }
};

}  // namespace cuda_gan::cuda
