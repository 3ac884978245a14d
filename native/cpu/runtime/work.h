// How much there is to compute in a step of a program.
#pragma once
#include "../../program/program.h"

namespace cuda_gan::cpu {

// An estimate from shapes alone, in multiplications of a matrix product, of which a thread does about thirty per
// nanosecond.
int64_t workOf(const Program& program);

}  // namespace cuda_gan::cpu
