// JavaScript's handle of a compiled Program: graph(...), run(...) → Promise, cancel(), dispose().
#pragma once
#include <napi.h>

#include <memory>

#include "../native/device.h"
#include "runner.h"

namespace cuda_gan::bindings {

class ExecutableHandle : public Napi::ObjectWrap<ExecutableHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Executable> executable, std::shared_ptr<Runner> runner);
  explicit ExecutableHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ExecutableHandle>(info) {}

 private:
  // graph(steps) → { nodes, levels, parameterBytes, early, longestPath }, or undefined where the device makes no graphs.
  Napi::Value graph(const Napi::CallbackInfo& info);
  // run(steps, firstStep, stopOnNonFinite, outputs: TypedArray[]) → Promise of the number of completed steps.
  Napi::Value remarks(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Executable> executable_;
  std::shared_ptr<Runner> runner_;
  Cancelled cancelled_;
};

}  // namespace cuda_gan::bindings
