#include "executable.h"

#include "constructors.h"
#include "guard.h"

namespace cuda_gan::bindings {

Napi::Function ExecutableHandle::define(Napi::Env env) {
  return DefineClass(env, "Executable",
                     {InstanceAccessor<&ExecutableHandle::remarks>("remarks"),
                      InstanceMethod("graph", &ExecutableHandle::graph), InstanceMethod("run", &ExecutableHandle::run), InstanceMethod("cancel", &ExecutableHandle::cancel),
                      InstanceMethod("dispose", &ExecutableHandle::dispose)});
}

Napi::Object ExecutableHandle::create(Napi::Env env, std::shared_ptr<Executable> executable,
                                      std::shared_ptr<Runner> runner) {
  Napi::Object object = constructors(env).executable.New({});
  Unwrap(object)->executable_ = std::move(executable);
  Unwrap(object)->runner_ = std::move(runner);
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
  auto run = std::make_unique<Run>(env, executable_, cancelled_, std::move(request), arrays);
  return guard(env, [&] { return runner_->start(env, std::move(run)); });
}

Napi::Value ExecutableHandle::remarks(const Napi::CallbackInfo& info) {
  const Napi::Array list = Napi::Array::New(info.Env());
  if (executable_ == nullptr) return list;
  for (const std::string& remark : executable_->remarks()) list.Set(list.Length(), remark);
  return list;
}

Napi::Value ExecutableHandle::graph(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (executable_ == nullptr) throw codedError(env, "CUDA_GAN_STATE", "the executable was disposed of");
  const int64_t steps = info[0].As<Napi::Number>().Int64Value();
  const std::optional<GraphFigures> figures = guard(env, [&] { return executable_->graph(steps); });
  if (!figures.has_value()) return env.Undefined();
  const Napi::Array longestPath = Napi::Array::New(env);
  for (const std::string& name : figures->longestPath) longestPath.Set(longestPath.Length(), name);
  const Napi::Object object = Napi::Object::New(env);
  object.Set("nodes", static_cast<double>(figures->nodes));
  object.Set("levels", static_cast<double>(figures->levels));
  object.Set("parameterBytes", static_cast<double>(figures->parameterBytes));
  object.Set("early", static_cast<double>(figures->early));
  object.Set("longestPath", longestPath);
  return object;
}

void ExecutableHandle::cancel(const Napi::CallbackInfo&) {
  if (cancelled_ != nullptr) cancelled_->store(true);
}

void ExecutableHandle::dispose(const Napi::CallbackInfo&) { executable_.reset(); }

}  // namespace cuda_gan::bindings
