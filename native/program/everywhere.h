// For functions that run on the host and, where nvcc compiles them, on the GPU.
#pragma once

#ifdef __CUDACC__
#define CUDA_GAN_EVERYWHERE __host__ __device__
#else
#define CUDA_GAN_EVERYWHERE
#endif
