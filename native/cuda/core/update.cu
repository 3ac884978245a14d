#include "update.cuh"

namespace cuda_gan::cuda {

template void enqueueBodies<Update>(const std::vector<const Launch*>& launches, cudaStream_t stream);
template int loadCode<Update>();

}  // namespace cuda_gan::cuda
