// A run of an executable, and the promise of how many steps it completed.
#pragma once
#include <napi.h>

#include <atomic>
#include <exception>
#include <memory>

#include "../native/device.h"

namespace cuda_gan::bindings {

// Set to end a run after the step under way.
using Cancelled = std::shared_ptr<std::atomic<bool>>;

// Made, settled and deleted on the JavaScript thread; executed on another.
class Run {
 public:
  // `outputs` are the arrays behind `request.outputs`, kept alive meanwhile.
  Run(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled, RunRequest request,
      const Napi::Array& outputs);

  Napi::Promise promise() const { return deferred_.Promise(); }
  void execute();
  void cancel() { cancelled_->store(true); }
  void settle(Napi::Env env);
  // In place of settle, when the environment is on its way out: then nobody waits for the promise.
  void abandon() { outputs_.SuppressDestruct(); }

 private:
  std::shared_ptr<Executable> executable_;
  Cancelled cancelled_;
  RunRequest request_;
  Napi::ObjectReference outputs_;
  Napi::Promise::Deferred deferred_;
  int64_t completed_ = 0;
  std::exception_ptr failure_;
};

}  // namespace cuda_gan::bindings
