#include "map-file.h"

#include "guard.h"

namespace cuda_gan::bindings {

namespace {

using Mapping = std::shared_ptr<FileMapping>;

// Tells an ArrayBuffer of mapFile from one that another addon has wrapped.
constexpr napi_type_tag mappingTag = {0x6375646167616e6d, 0x617070696e670001};

void release(napi_env, void* mapping, void*) { delete static_cast<Mapping*>(mapping); }
void releaseHint(napi_env, void*, void* mapping) { delete static_cast<Mapping*>(mapping); }

// The status of calls that must not fail.
void require(Napi::Env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

}  // namespace

Napi::Value mapFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].As<Napi::String>();
  const auto offset = static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
  const auto length = static_cast<size_t>(info[2].As<Napi::Number>().Int64Value());
  const Mapping mapping = guard(env, [&] { return FileMapping::open(path, offset, length); });
  if (mapping == nullptr) return env.Undefined();
  // One share for the memory, and one for the object, which loses the memory when it is transferred.
  auto share = std::make_unique<Mapping>(mapping);
  napi_value buffer;
  const napi_status status =
      napi_create_external_arraybuffer(env, mapping->data(), length, releaseHint, share.get(), &buffer);
  if (status == napi_no_external_buffers_allowed) return env.Undefined();
  require(env, status);
  share.release();
  auto wrapped = std::make_unique<Mapping>(mapping);
  require(env, napi_wrap(env, buffer, wrapped.get(), release, nullptr, nullptr));
  wrapped.release();
  require(env, napi_type_tag_object(env, buffer, &mappingTag));
  return Napi::Value(env, buffer);
}

std::shared_ptr<FileMapping> mappingOf(const Napi::ArrayBuffer& buffer) {
  const Napi::Env env = buffer.Env();
  bool tagged = false;
  require(env, napi_check_object_type_tag(env, buffer, &mappingTag, &tagged));
  if (!tagged) return nullptr;
  void* mapping;
  require(env, napi_unwrap(env, buffer, &mapping));
  return *static_cast<Mapping*>(mapping);
}

}  // namespace cuda_gan::bindings
