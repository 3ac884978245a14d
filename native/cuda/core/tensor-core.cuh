// Products of small tiles by the tensor cores of a warp (PTX ISA, mma.sync.aligned.m16n8k8, .tf32).
#pragma once
#include "rows.cuh"

namespace cuda_gan::cuda {

// Tensor cores that take TF32 came with compute capability 8.0.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
constexpr bool hasTensorCores = false;
#else
constexpr bool hasTensorCores = true;
#endif

// Where a lane's elements of the tiles lie: row `group` or column `group`, and `member` within it.
struct Lane {
  int group, member;
  __device__ Lane() : group(threadIdx.x % warpLanes / 4), member(threadIdx.x % 4) {}
};

/*
 * sums [16, 8] += a [16, 8] · b [8, 8], spread over the lanes of a warp:
 *   a[0], a[1], a[2], a[3]: elements (group, member), (group + 8, member), (group, member + 4), (group + 8, member + 4)
 *   b[0], b[1]:             elements (member, group), (member + 4, group)
 *   sums[0 .. 3]:           elements (group, 2 member), (group, 2 member + 1), (group + 8, 2 member), (group + 8, 2 member + 1)
 */
__device__ inline void multiplyAdd(float (&sums)[4], const float (&a)[4], const float (&b)[2]) {
#if defined(__CUDA_ARCH__)
#if __CUDA_ARCH__ >= 800
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])), "r"(__float_as_uint(a[3])),
        "r"(__float_as_uint(b[0])), "r"(__float_as_uint(b[1])));
#endif
#else
  // On the emulator: the same by shuffles.
  const Lane own;
  for (int k = 0; k < 8; k++) {
    for (int i = 0; i < 4; i++) {
      const int column = 2 * own.member + i % 2;
      const float left = __shfl_sync(allLanes, a[k < 4 ? i / 2 : 2 + i / 2], own.group * 4 + k % 4);
      const float right = __shfl_sync(allLanes, b[k / 4], column * 4 + k % 4);
      sums[i] = fmaf(left, right, sums[i]);
    }
  }
#endif
}

}  // namespace cuda_gan::cuda
