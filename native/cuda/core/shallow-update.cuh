// Adam of the parameters of a kernel, whose gradient xᵀ · dy has a batch as its depth.
#pragma once
#include "adam.cuh"
#include "panels.cuh"
#include "product.h"
#include "rows.cuh"

namespace cuda_gan::cuda {

// The memory of the parameters bounds it: they are on their way while the product is computed. A warp takes four rows of a tile, and a lane four columns.
struct ShallowUpdate {
  static constexpr int rows = 32, columns = 128, threads = 256, depth = 32;  // of x and dy in shared memory at a time
  static constexpr size_t sharedBytes = sizeof(float) * depth * (rows + columns);
  Adam adam;
  MatrixView x, dy;  // [k, m], [k, n], whose rows are whole quads
  Extent extent;

  __device__ void operator()(int64_t block) const {
    const auto perRow = static_cast<uint32_t>(ceilDivide(extent.n, columns)), at = static_cast<uint32_t>(block);
    const int64_t firstRow = static_cast<int64_t>(at / perRow) * rows;
    const int64_t firstColumn = static_cast<int64_t>(at % perRow) * columns;
    float *left = sharedFloats(), *right = left + depth * rows;
    load(left, right, firstRow, firstColumn, 0);

    const int warp = threadIdx.x / warpLanes, lane = threadIdx.x % warpLanes;
    const int64_t row = firstRow + 4 * warp, column = firstColumn + 4 * lane;
    const bool inside = row < extent.m && column < extent.n;
    Quads p, m, v;
    if (inside) {
      read(p, adam.p, row, column);
      read(m, adam.m, row, column);
      read(v, adam.v, row, column);
    }
    const float rate = adam.rate();

    Quads gradient{};
    for (int64_t k = 0;;) {
      __pipeline_wait_prior(0);
      __syncthreads();
      const int count = static_cast<int>(extent.k - k < depth ? extent.k - k : depth);
#pragma unroll 4
      for (int i = 0; i < count; i++) {
        const float4 fromX = quadAt(left + i * rows + 4 * warp), fromDy = quadAt(right + i * columns + 4 * lane);
        gradient.add(0, fromX.x, fromDy);
        gradient.add(1, fromX.y, fromDy);
        gradient.add(2, fromX.z, fromDy);
        gradient.add(3, fromX.w, fromDy);
      }
      k += depth;
      if (k >= extent.k) break;
      __syncthreads();  // all are done with these panels
      load(left, right, firstRow, firstColumn, k);
    }

    if (!inside) return;
#pragma unroll
    for (int r = 0; r < 4; r++) {
#pragma unroll
      for (int c = 0; c < 4; c++) adam.step(p.of[r][c], m.of[r][c], v.of[r][c], gradient.of[r][c], rate);
    }
    write(adam.p, p, row, column);
    write(adam.m, m, row, column);
    write(adam.v, v, row, column);
  }

 private:
  // Four rows of four columns.
  struct Quads {
    float of[4][4];

    __device__ void add(int row, float x, const float4& dy) {
      of[row][0] = fmaf(x, dy.x, of[row][0]);
      of[row][1] = fmaf(x, dy.y, of[row][1]);
      of[row][2] = fmaf(x, dy.z, of[row][2]);
      of[row][3] = fmaf(x, dy.w, of[row][3]);
    }
  };

  __device__ static float4 quadAt(const float* from) { return *reinterpret_cast<const float4*>(from); }

  // Starts the copies of both panels from depth k on.
  __device__ void load(float* left, float* right, int64_t firstRow, int64_t firstColumn, int64_t k) const {
    copyPanel<depth, rows, 4, threads>(left, rows, 1, x, k, firstRow, extent.k, extent.m);
    copyPanel<depth, columns, 4, threads>(right, columns, 1, dy, k, firstColumn, extent.k, extent.n);
    __pipeline_commit();
  }

  __device__ void read(Quads& quads, const float* parameters, int64_t row, int64_t column) const {
#pragma unroll
    for (int r = 0; r < 4; r++) {
      const float4 quad = quadAt(parameters + (row + r) * extent.n + column);
      quads.of[r][0] = quad.x;
      quads.of[r][1] = quad.y;
      quads.of[r][2] = quad.z;
      quads.of[r][3] = quad.w;
    }
  }

  __device__ void write(float* parameters, const Quads& quads, int64_t row, int64_t column) const {
#pragma unroll
    for (int r = 0; r < 4; r++)
      *reinterpret_cast<float4*>(parameters + (row + r) * extent.n + column) =
          make_float4(quads.of[r][0], quads.of[r][1], quads.of[r][2], quads.of[r][3]);
  }
};

}  // namespace cuda_gan::cuda
