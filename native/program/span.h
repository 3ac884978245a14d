// Places along an axis.
#pragma once
#include <cstdint>

#include "everywhere.h"

namespace cuda_gan {

// [begin, end)
struct Span {
  int32_t begin, end;
  CUDA_GAN_EVERYWHERE int32_t size() const { return end - begin; }
};

}  // namespace cuda_gan
