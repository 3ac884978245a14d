#include "runner.h"

#include <utility>

#include "guard.h"

namespace cuda_gan::bindings {

Runner::~Runner() {
  if (!thread_.joinable()) return;
  napi_remove_env_cleanup_hook(env_, onExit, this);
  end();
}

Napi::Promise Runner::start(Napi::Env env, std::unique_ptr<Run> run) {
  if (done_ == nullptr) begin(env);
  const Napi::Promise promise = run->promise();
  if (unsettled_++ == 0) {
    self_ = shared_from_this();
    napi_ref_threadsafe_function(env, done_);
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    runs_.push_back(run.release());
  }
  changed_.advance();
  return promise;
}

void Runner::begin(Napi::Env env) {
  env_ = env;
  if (!thread_.joinable()) thread_ = std::thread(&Runner::work, this);
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "cuda-gan run"), 0, 1, nullptr,
                                      nullptr, this, onDone, &done_);
  if (status != napi_ok) throw codedError(env, "CUDA_GAN_INTERNAL", "no thread-safe function could be made");
  // Only what is under way keeps a process alive.
  napi_unref_threadsafe_function(env, done_);
  // Hooks run last in, first out: this one ends the thread before the function above is closed.
  napi_add_env_cleanup_hook(env, onExit, this);
}

void Runner::end() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (Run* run : runs_) run->cancel();
    ending_ = true;
  }
  changed_.advance();
  thread_.join();
  if (done_ != nullptr) napi_release_threadsafe_function(std::exchange(done_, nullptr), napi_tsfn_release);
}

void Runner::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (!runs_.empty()) {
      Run* run = runs_.front();
      lock.unlock();
      run->execute();
      lock.lock();
      runs_.pop_front();
      napi_call_threadsafe_function(done_, run, napi_tsfn_blocking);
    } else if (ending_) {
      return;
    } else {
      const uint64_t seen = changed_.read();
      lock.unlock();
      changed_.await(seen);
      lock.lock();
    }
  }
}

// On the JavaScript thread. Without an environment, when that is on its way out: then nobody waits for the promise.
void Runner::onDone(napi_env env, napi_value, void* context, void* data) {
  Runner* runner = static_cast<Runner*>(context);
  const std::unique_ptr<Run> run(static_cast<Run*>(data));
  if (env == nullptr) {
    run->abandon();
  } else {
    run->settle(env);
  }
  if (--runner->unsettled_ > 0) return;
  if (env != nullptr) napi_unref_threadsafe_function(env, runner->done_);
  const std::shared_ptr<Runner> last = std::move(runner->self_);
}

void Runner::onExit(void* data) { static_cast<Runner*>(data)->end(); }

}  // namespace cuda_gan::bindings
