// The thread that executes the runs of one device, in their order. Not libuv's pool, whose work a JavaScript
// environment waits for without asking it to end.
#pragma once
#include <napi.h>

#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "../native/event-count.h"
#include "run.h"

namespace cuda_gan::bindings {

// Belongs to the JavaScript thread. It lives as long as its device, its executables and its runs, and its thread no
// longer than the environment: when that ends, the runs are cancelled and the thread is joined.
class Runner : public std::enable_shared_from_this<Runner> {
 public:
  Runner() = default;
  Runner(const Runner&) = delete;
  ~Runner();

  Napi::Promise start(Napi::Env env, std::unique_ptr<Run> run);

 private:
  void begin(Napi::Env env);
  void end();
  void work();
  static void onDone(napi_env env, napi_value callback, void* runner, void* run);
  static void onExit(void* runner);

  napi_env env_ = nullptr;
  napi_threadsafe_function done_ = nullptr;
  std::thread thread_;
  int unsettled_ = 0;             // runs that were started and whose promise is not settled
  std::shared_ptr<Runner> self_;  // while there are any

  EventCount changed_;     // advances when one of these does:
  std::mutex mutex_;
  std::deque<Run*> runs_;  // that are not over; the thread is at the first of them
  bool ending_ = false;
};

}  // namespace cuda_gan::bindings
