// JavaScript's handle of a device: description, threads, allocate(bytes, initial), compile(program, buffers).
#pragma once
#include <napi.h>

#include <memory>

#include "../native/device.h"
#include "runner.h"

namespace cuda_gan::bindings {

class DeviceHandle : public Napi::ObjectWrap<DeviceHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::unique_ptr<Device> device);
  explicit DeviceHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DeviceHandle>(info) {}

 private:
  Napi::Value description(const Napi::CallbackInfo& info);
  Napi::Value threads(const Napi::CallbackInfo& info);
  Napi::Value allocate(const Napi::CallbackInfo& info);
  Napi::Value compile(const Napi::CallbackInfo& info);

  std::unique_ptr<Device> device_;
  std::shared_ptr<Runner> runner_ = std::make_shared<Runner>();
};

}  // namespace cuda_gan::bindings
