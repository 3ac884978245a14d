#include "places.h"

#if defined(__linux__)
#include <glob.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace cuda_gan::cuda {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Place foldersOf(const std::string& variable, const std::vector<std::string>& suffixes) {
  Place place{variable, Place::Kind::Files, {}};
  const std::string value = environment(variable.c_str());
  if (value.empty()) return place;
  for (const std::string& suffix : suffixes) place.folders.push_back(literally(value) + suffix);
  return place;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= list.size();) {
    const size_t end = std::min(list.find(':', start), list.size());
    if (end > start) parts.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Place chosenFolders() {
  Place place{"CUDA_GAN_LIB_DIR", Place::Kind::Files, {}};
  for (const std::string& folder : split(environment("CUDA_GAN_LIB_DIR"))) place.folders.push_back(literally(folder));
  return place;
}

// NVIDIA's wheels hold nvidia/cu13/lib and nvidia/cudnn/lib, those of CUDA 12 nvidia/cublas/lib and nvidia/cudnn/lib.
Place pythonPackages() {
  Place place{"Python's packages", Place::Kind::Files, {}};
  const auto add = [&](const std::string& pythons) {
    // site-packages, or dist-packages on Debian.
    place.folders.push_back(pythons + "/python3*/*-packages/nvidia/*/lib");
  };
  const std::pair<const char*, const char*> roots[] = {
      {"VIRTUAL_ENV", "/lib"}, {"CONDA_PREFIX", "/lib"}, {"HOME", "/.local/lib"}};
  for (const auto& [variable, library] : roots) {
    const std::string root = environment(variable);
    if (!root.empty()) add(literally(root) + library);
  }
  for (const char* library : {"/usr/local/lib", "/usr/lib", "/usr/lib64"}) add(library);
  return place;
}

}  // namespace

std::vector<Place> placesOfLibraries() {
  if (environment("CUDA_GAN_LIB_DIR") == "none") return {};
#if defined(CUDA_GAN_EMULATED)
  return {chosenFolders()};  // the libraries of this machine cannot work with memory that is none of a GPU's
#else
  return {
      chosenFolders(),
      {"this process", Place::Kind::Loaded, {}},
      pythonPackages(),
      foldersOf("CONDA_PREFIX", {"/lib"}),
      {"the loader's default", Place::Kind::LoaderDefault, {}},
      foldersOf("CUDA_PATH", {"/lib64", "/lib"}),
      {"/usr/local/cuda", Place::Kind::Files, {"/usr/local/cuda/lib64", "/usr/local/cuda/lib"}},
  };
#endif
}

std::string literally(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string("*?[\\").find(c) != std::string::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::vector<std::string> filesIn(const std::vector<std::string>& folders, const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    for (const std::string& folder : folders) {
      glob_t matches{};
      if (glob((folder + "/" + name).c_str(), 0, nullptr, &matches) == 0)
        for (size_t i = 0; i < matches.gl_pathc; i++) files.push_back(matches.gl_pathv[i]);
      globfree(&matches);
    }
  }
  return files;
}

}  // namespace cuda_gan::cuda
#endif
