// Files as memory of JavaScript.
#pragma once
#include <napi.h>

#include <memory>

#include "../native/file-mapping.h"

namespace cuda_gan::bindings {

// mapFile(path, offset, length) → ArrayBuffer over a mapping, which lives as long as the buffer or a device's use of it.
// undefined where files or their memory cannot be handed over: on Windows, and in Electron.
Napi::Value mapFile(const Napi::CallbackInfo& info);

// The mapping behind an ArrayBuffer of mapFile; null for any other.
std::shared_ptr<FileMapping> mappingOf(const Napi::ArrayBuffer& buffer);

}  // namespace cuda_gan::bindings
