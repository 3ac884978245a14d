#include "executable.h"

#include "constructors.h"
#include "guard.h"

namespace cuda_gan::bindings {

namespace {

void cancelAtExit(void* cancelled) { static_cast<std::atomic<bool>*>(cancelled)->store(true); }

// Runs on a thread of libuv's pool and settles a promise. Holds the output arrays so that they stay alive.
class Run : public Napi::AsyncWorker {
 public:
  Run(Napi::Env env, std::shared_ptr<Executable> executable, Cancelled cancelled, RunRequest request,
      const Napi::Array& outputs)
      : Napi::AsyncWorker(env, "cuda-gan run"),
        deferred_(Napi::Promise::Deferred::New(env)),
        executable_(std::move(executable)),
        cancelled_(std::move(cancelled)),
        request_(std::move(request)),
        outputs_(Napi::Persistent(outputs.As<Napi::Object>())) {
    napi_add_env_cleanup_hook(env, cancelAtExit, cancelled_.get());
  }

  ~Run() override { napi_remove_env_cleanup_hook(Env(), cancelAtExit, cancelled_.get()); }

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override { completed_ = executable_->run(request_); }
  void OnOK() override { deferred_.Resolve(Napi::Number::New(Env(), static_cast<double>(completed_))); }
  void OnError(const Napi::Error& error) override {
    deferred_.Reject(codedError(Env(), "CUDA_GAN_INTERNAL", error.Message()).Value());
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<Executable> executable_;
  Cancelled cancelled_;
  RunRequest request_;
  Napi::ObjectReference outputs_;
  int64_t completed_ = 0;
};

}  // namespace

Napi::Function ExecutableHandle::define(Napi::Env env) {
  return DefineClass(env, "Executable",
                     {InstanceMethod("run", &ExecutableHandle::run), InstanceMethod("cancel", &ExecutableHandle::cancel),
                      InstanceMethod("dispose", &ExecutableHandle::dispose)});
}

Napi::Object ExecutableHandle::create(Napi::Env env, std::shared_ptr<Executable> executable) {
  Napi::Object object = constructors(env).executable.New({});
  Unwrap(object)->executable_ = std::move(executable);
  return object;
}

Napi::Value ExecutableHandle::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (executable_ == nullptr) throw codedError(env, "CUDA_GAN_STATE", "the executable was disposed of");
  const Napi::Array arrays = info[3].As<Napi::Array>();
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  RunRequest request{info[0].As<Napi::Number>().Int64Value(),
                     static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value()),
                     info[2].As<Napi::Boolean>().Value(), {}, cancelled_.get()};
  for (uint32_t i = 0; i < arrays.Length(); i++) {
    const Napi::TypedArray array = arrays.Get(i).As<Napi::TypedArray>();
    request.outputs.push_back(static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset());
  }
  Run* run = new Run(env, executable_, cancelled_, std::move(request), arrays);
  const Napi::Promise promise = run->promise();
  run->Queue();
  return promise;
}

void ExecutableHandle::cancel(const Napi::CallbackInfo&) {
  if (cancelled_ != nullptr) cancelled_->store(true);
}

void ExecutableHandle::dispose(const Napi::CallbackInfo&) { executable_.reset(); }

}  // namespace cuda_gan::bindings
