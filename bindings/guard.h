// C++ exceptions as JavaScript errors with a code. lib/devices/native.ts makes CudaGanErrors of them.
#pragma once
#include <napi.h>

#include <new>
#include <stdexcept>
#include <string>

#include "../native/errors.h"

namespace cuda_gan::bindings {

inline Napi::Error codedError(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", code);
  return error;
}

template <typename Body>
auto guard(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const CodedError& error) {
    throw codedError(env, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    throw codedError(env, "CUDA_GAN_NO_MEMORY", "out of memory");
  } catch (const std::invalid_argument& error) {
    throw codedError(env, "CUDA_GAN_VALUE", error.what());
  } catch (const std::exception& error) {
    throw codedError(env, "CUDA_GAN_INTERNAL", error.what());
  }
}

}  // namespace cuda_gan::bindings
