#include "run.h"

#include <utility>

#include "guard.h"

namespace cuda_gan::bindings {

Run::Run(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled, RunRequest request,
         const Napi::Array& outputs)
    : executable_(std::move(executable)),
      cancelled_(std::move(cancelled)),
      request_(std::move(request)),
      outputs_(Napi::Persistent(outputs.As<Napi::Object>())),
      deferred_(Napi::Promise::Deferred::New(env)) {}

void Run::execute() {
  try {
    completed_ = executable_->run(request_);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void Run::settle(Napi::Env env) {
  try {
    try {
      guard(env, [&] {
        if (failure_ != nullptr) std::rethrow_exception(failure_);
      });
      deferred_.Resolve(Napi::Number::New(env, static_cast<double>(completed_)));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  } catch (const Napi::Error&) {
    // The environment is being terminated and refuses every call: nobody waits for the promise any more.
  }
}

}  // namespace cuda_gan::bindings
