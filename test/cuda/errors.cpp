// Prints, for each of the numbers on the command line, the code of the error that check() makes of that of CUDA. Stands in
// for the CUDA runtime itself.
#include <cstdio>
#include <cstdlib>

#include "../../native/errors.h"
#include "runtime/check.h"

cudaError_t cudaGetLastError() { return cudaSuccess; }
cudaError_t cudaSetDevice(int) { return cudaSuccess; }
cudaError_t cudaGetDevice(int*) { return cudaSuccess; }
cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
const char* cudaGetErrorName(cudaError_t) { return "name"; }
const char* cudaGetErrorString(cudaError_t) { return "description"; }

int main(int count, char** numbers) {
  for (int i = 1; i < count; i++) {
    try {
      cuda_gan::cuda::check(static_cast<cudaError_t>(std::atoi(numbers[i])), "call");
      std::puts("none");
    } catch (const cuda_gan::CodedError& error) {
      std::puts(error.code());
    }
  }
}
