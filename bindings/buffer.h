// JavaScript's handle of a device buffer: write(typedArray), read(typedArray), dispose().
#pragma once
#include <napi.h>

#include <memory>

#include "../native/device.h"

namespace cuda_gan::bindings {

class BufferHandle : public Napi::ObjectWrap<BufferHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Buffer> buffer);
  explicit BufferHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<BufferHandle>(info) {}

  // Null after dispose().
  const std::shared_ptr<Buffer>& buffer() const { return buffer_; }

  void Finalize(Napi::BasicEnv env) override;

 private:
  void write(const Napi::CallbackInfo& info);
  void read(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  // The argument's memory, checked to be as long as the buffer.
  void* argument(const Napi::CallbackInfo& info) const;

  std::shared_ptr<Buffer> buffer_;
};

}  // namespace cuda_gan::bindings
