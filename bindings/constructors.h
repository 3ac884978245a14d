// The classes of this addon, one set per JavaScript environment (worker threads have their own).
#pragma once
#include <napi.h>

namespace cuda_gan::bindings {

struct Constructors {
  Napi::FunctionReference buffer, executable, device;
};

inline Constructors& constructors(Napi::Env env) { return *env.GetInstanceData<Constructors>(); }

}  // namespace cuda_gan::bindings
