// A run of an executable on a thread of its own, and the promise of how many steps it completed.
#pragma once
#include <napi.h>

#include <atomic>
#include <exception>
#include <memory>
#include <thread>

#include "../native/device.h"

namespace cuda_gan::bindings {

// Set to end a run after the step under way.
using Cancelled = std::shared_ptr<std::atomic<bool>>;

// Owns itself: it is deleted once its promise is settled, or with its JavaScript environment, which cancels it and
// waits for it. Not on libuv's pool, whose work an environment waits for without asking it to end.
class Run {
 public:
  // Starts at once. `outputs` are the arrays behind `request.outputs`, kept alive meanwhile.
  static Napi::Promise start(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled,
                             RunRequest request, const Napi::Array& outputs);

 private:
  Run(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled, RunRequest request,
      const Napi::Array& outputs);

  void execute();
  void settle(napi_env env);
  static void onDone(napi_env env, napi_value callback, void* context, void* run);
  static void onExit(void* run);

  std::shared_ptr<Executable> executable_;
  Cancelled cancelled_;
  RunRequest request_;
  Napi::ObjectReference outputs_;
  Napi::Promise::Deferred deferred_;
  napi_threadsafe_function done_ = nullptr;
  int64_t completed_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace cuda_gan::bindings
