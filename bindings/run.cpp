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

Napi::Promise Run::start(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled,
                         RunRequest request, const Napi::Array& outputs) {
  std::unique_ptr<Run> run(new Run(env, std::move(executable), std::move(cancelled), std::move(request), outputs));
  const Napi::Promise promise = run->deferred_.Promise();
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "cuda-gan run"), 0, 1, nullptr,
                                      nullptr, nullptr, onDone, &run->done_);
  if (status != napi_ok) throw codedError(env, "CUDA_GAN_INTERNAL", "no thread-safe function could be made");
  // Hooks run last in, first out: this one ends the thread before the function above is closed.
  napi_add_env_cleanup_hook(env, onExit, run.get());
  run->thread_ = std::thread(&Run::execute, run.get());
  run.release();
  return promise;
}

void Run::execute() {
  try {
    completed_ = executable_->run(request_);
  } catch (...) {
    failure_ = std::current_exception();
  }
  napi_call_threadsafe_function(done_, this, napi_tsfn_blocking);
  napi_release_threadsafe_function(done_, napi_tsfn_release);
}

// On the JavaScript thread. Without an environment, when that is on its way out: then nobody waits for the promise.
void Run::onDone(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Run> run(static_cast<Run*>(data));
  if (run->thread_.joinable()) run->thread_.join();
  if (env == nullptr) {
    run->outputs_.SuppressDestruct();
  } else {
    napi_remove_env_cleanup_hook(env, onExit, run.get());
    run->settle(env);
  }
}

void Run::onExit(void* data) {
  Run* run = static_cast<Run*>(data);
  run->cancelled_->store(true);
  run->thread_.join();
}

void Run::settle(napi_env env) {
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
