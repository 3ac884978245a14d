// Reads a Program out of the JavaScript object that lib/program/program.ts describes.
#pragma once
#include <napi.h>

#include "../native/program/program.h"

namespace cuda_gan::bindings {

// Throws Napi::Error when something is missing or of the wrong type.
Program decodeProgram(Napi::Object source);

}  // namespace cuda_gan::bindings
