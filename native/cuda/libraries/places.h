// Where files of NVIDIA's libraries may lie on this machine.
#pragma once
#include <string>
#include <vector>

namespace cuda_gan::cuda {

struct Place {
  enum class Kind { Files, Loaded, LoaderDefault };
  std::string name;  // for messages
  Kind kind;
  std::vector<std::string> folders;  // patterns of glob(7); only of Kind::Files
};

// All places in the order in which they are searched; none where CUDA_GAN_LIB_DIR is "none".
std::vector<Place> placesOfLibraries();

// The files that match folder/name, for each of the names in turn.
std::vector<std::string> filesIn(const std::vector<std::string>& folders, const std::vector<std::string>& names);

// `text` as a pattern of glob(7) that matches only itself.
std::string literally(const std::string& text);

}  // namespace cuda_gan::cuda
