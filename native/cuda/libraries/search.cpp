#include "search.h"

#if defined(__linux__)
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "api.h"
#include "functions.h"
#include "per-gpu.h"
#include "places.h"

namespace cuda_gan::cuda {

namespace {

using Names = std::vector<std::string>;

// Completes `library`, of which path and handle are known; returns why it will not do, or "".
using Examine = std::function<std::string(Library& library)>;

std::string folderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string canonical(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  const std::string result = resolved ? resolved : path;
  std::free(resolved);
  return result;
}

// Where a loaded library came from. Links stay as they are: what lies beside the link belongs to the library.
std::string pathOf(void* handle) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !map || !map->l_name) return "";
  const std::string path = map->l_name;
  return path.rfind('/', 0) == 0 ? path : canonical(path);
}

std::string lastError() {
  const char* error = dlerror();
  return error ? error : "unknown error of the loader";
}

std::string joined(const Names& names, const std::string& separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : separator) + name;
  return text;
}

// 130101 as "13.1.1": cuBLAS, and cuDNN from version 9 on.
std::string versionText(size_t version) {
  return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

class Search {
 public:
  Search(std::string name, Names fileNames, Examine examine)
      : fileNames_(std::move(fileNames)), examine_(std::move(examine)) {
    library_.report.name = std::move(name);
  }

  Library in(const std::vector<Place>& places) {
    if (places.empty()) library_.report.tried = {"not looked for: CUDA_GAN_LIB_DIR is none"};
    for (const Place& place : places)
      if (tryPlace(place)) break;
    return std::move(library_);
  }

 private:
  bool tryPlace(const Place& place) {
    if (place.kind != Place::Kind::Files) return tryAll(place, fileNames_);
    const Names files = filesIn(place.folders, fileNames_);
    if (place.folders.empty()) {
      note(place, "not set");
    } else if (files.empty()) {
      note(place, "no " + joined(fileNames_, " or ") + " in " + joined(place.folders, ", "));
    }
    return tryAll(place, files);
  }

  bool tryAll(const Place& place, const Names& files) {
    return std::any_of(files.begin(), files.end(), [&](const std::string& file) { return tryFile(place, file); });
  }

  // A copy that will not do stays loaded as well: what it has started cannot be known.
  bool tryFile(const Place& place, const std::string& file) {
    const bool loadedOnly = place.kind == Place::Kind::Loaded;
    void* handle = dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL | (loadedOnly ? RTLD_NOLOAD : 0));
    if (!handle) {
      const std::string reason = loadedOnly ? file + " is not loaded" : lastError();
      place.kind == Place::Kind::Files ? refuse(place, reason) : note(place, reason);
      return false;
    }
    if (std::find(refused_.begin(), refused_.end(), handle) != refused_.end()) {
      note(place, pathOf(handle) + ": refused above");
      return false;
    }
    Library found{{library_.report.name, pathOf(handle), "", library_.report.tried, library_.report.refused}, handle};
    const std::string reason = examine_(found);
    if (reason.empty()) {
      library_ = std::move(found);
      return true;
    }
    refuse(place, found.report.path + ": " + reason);
    refused_.push_back(handle);
    return false;
  }

  void note(const Place& place, const std::string& reason) {
    library_.report.tried.push_back(place.name + ": " + reason);
  }

  void refuse(const Place& place, const std::string& reason) {
    note(place, reason);
    library_.report.refused.push_back(library_.report.tried.back());
  }

  Library library_;
  std::vector<void*> refused_;  // a loaded copy is met again at places to come
  Names fileNames_;
  Examine examine_;
};

// A library that loads may still want a newer driver, or another GPU: only a handle shows that.
std::string examineCublasLt(Library& library, int gpu) {
  cublas_lt::Functions functions{};
  if (const char* missing = loadFunctions(library.handle, functions)) return std::string("it has no ") + missing;
  library.report.version = versionText(functions.getVersion());
  if (gpu == noGpu) return "";
  cublas_lt::Context* context = nullptr;
  const cublas_lt::Status status = functions.create(&context);
  if (status != cublas_lt::Status::Success) return std::string("cublasLtCreate: ") + functions.getStatusName(status);
  functions.destroy(context);
  return "";
}

std::string examineCublas(Library& library) {
  const auto getProperty = reinterpret_cast<cublas::GetProperty>(dlsym(library.handle, "cublasGetProperty"));
  if (!getProperty) return "it has no cublasGetProperty";
  for (const auto property : {LibraryProperty::Major, LibraryProperty::Minor, LibraryProperty::Patch}) {
    int value = 0;
    if (getProperty(property, &value) != cublas::Status::Success) return "it does not tell its version";
    library.report.version += (library.report.version.empty() ? "" : ".") + std::to_string(value);
  }
  return "";
}

// Loads a part of cuDNN from this file; returns why that is impossible, or "".
std::string loadPart(const std::string& file) {
  const std::string name = file.substr(folderOf(file).size() + 1);
  void* loaded = dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (loaded && canonical(pathOf(loaded)) != canonical(file)) return name + " is loaded from " + pathOf(loaded);
  if (!loaded && !dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL)) return lastError();
  return "";
}

// cuDNN opens its parts by name when it needs them, and the loader might find those of another version first. A name
// that is loaded already is not searched for, so all parts are loaded here, those first that others depend on.
std::string examineCudnn(Library& library, int gpu) {
  const std::string folder = folderOf(library.report.path);
  Names parts = filesIn({literally(folder)}, {"libcudnn_graph.so.9", "libcudnn_ops.so.9", "libcudnn_*.so.9"});
  if (parts.empty()) return "its parts, libcudnn_*.so.9, are not beside it";
  for (const std::string& part : parts) {
    const std::string reason = loadPart(part);
    if (!reason.empty()) return reason;
  }
  cudnn::Functions functions{};
  if (const char* missing = loadFunctions(library.handle, functions)) return std::string("it has no ") + missing;
  library.report.version = versionText(functions.getVersion());
  if (gpu == noGpu) return "";
  cudnn::Context* context = nullptr;
  const cudnn::Status status = functions.create(&context);
  if (status != cudnn::Status::Success) return std::string("cudnnCreate: ") + functions.getErrorString(status);
  functions.destroy(context);
  return "";
}

Examine onGpu(std::string (*examine)(Library&, int gpu), int gpu) {
  return [=](Library& library) { return examine(library, gpu); };
}

Library findCublasLt(int gpu) {
  return Search("cuBLASLt", {"libcublasLt.so.13", "libcublasLt.so.12"}, onGpu(examineCublasLt, gpu)).in(placesOfLibraries());
}

Library findCublas(int gpu) {
  const LibraryReport& lt = cublasLtLibrary(gpu).report;
  if (lt.path.empty()) return {{"cuBLAS", "", "", {"not looked for: it needs cuBLASLt, which was not found"}, {}}, nullptr};
  const std::string major = lt.version.substr(0, lt.version.find('.'));
  return Search("cuBLAS", {"libcublas.so." + major}, examineCublas)
      .in({{"the folder of cuBLASLt", Place::Kind::Files, {literally(folderOf(lt.path))}}});
}

Library findCudnn(int gpu) {
  return Search("cuDNN", {"libcudnn.so.9"}, onGpu(examineCudnn, gpu)).in(placesOfLibraries());
}

}  // namespace

const Library& cublasLtLibrary(int gpu) {
  static PerGpu<Library>& found = *new PerGpu<Library>(findCublasLt);
  return found.on(gpu);
}

const Library& cublasLibrary(int gpu) {
  static PerGpu<Library>& found = *new PerGpu<Library>(findCublas);
  return found.on(gpu);
}

const Library& cudnnLibrary(int gpu) {
  static PerGpu<Library>& found = *new PerGpu<Library>(findCudnn);
  return found.on(gpu);
}

std::string whyMissed(const Library& library) {
  if (library.handle) return "";
  if (!library.report.refused.empty()) return joined(library.report.refused, "; ");
  const char* asked = std::getenv("CUDA_GAN_LIB_DIR");
  if (!asked || std::string(asked).empty() || std::string(asked) == "none") return "";
  return std::string("it is neither in CUDA_GAN_LIB_DIR, which is ") + asked + ", nor elsewhere";
}

}  // namespace cuda_gan::cuda

#else

namespace cuda_gan::cuda {

namespace {
Library notLookedFor(const char* name) { return {{name, "", "", {"not looked for on this platform"}, {}}, nullptr}; }
}  // namespace

std::string whyMissed(const Library&) { return ""; }

const Library& cublasLtLibrary(int) {
  static const Library library = notLookedFor("cuBLASLt");
  return library;
}

const Library& cublasLibrary(int) {
  static const Library library = notLookedFor("cuBLAS");
  return library;
}

const Library& cudnnLibrary(int) {
  static const Library library = notLookedFor("cuDNN");
  return library;
}

}  // namespace cuda_gan::cuda
#endif

namespace cuda_gan::cuda {

std::vector<LibraryReport> libraryReports(int gpu) {
  return {cublasLtLibrary(gpu).report, cublasLibrary(gpu).report, cudnnLibrary(gpu).report};
}

}  // namespace cuda_gan::cuda
