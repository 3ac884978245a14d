// What a user chooses for a cuda device.
#pragma once
#include "precision.h"

namespace cuda_gan::cuda {

struct Settings {
  Precision precision;
  bool dependentLaunch;  // see Schedule
};

}  // namespace cuda_gan::cuda
