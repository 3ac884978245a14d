// Finds NVIDIA's libraries at run time. All are optional: the device has kernels of its own for every op.
//
// Places, in this order: the folders of CUDA_GAN_LIB_DIR (separated by colons), a copy that the process has loaded
// already, Python's packages (nvidia/*/lib), conda, the loader's default, CUDA_PATH, /usr/local/cuda. The first copy
// that loads, has the functions wanted and works on the GPU, which is tried by creating a handle, is kept for the life of
// the process: these libraries start threads and hold memory of the driver, so they are never unloaded.
#pragma once
#include <string>
#include <vector>

namespace cuda_gan::cuda {

struct LibraryReport {
  std::string name;                // "cuBLASLt", "cuBLAS" or "cuDNN"
  std::string path;                // of the file, or "" when none was found
  std::string version;             // "13.1.1"
  std::vector<std::string> tried;  // places before it, or all places, each with the reason why it was not that
  std::vector<std::string> refused;  // those of them where there was a copy, which will not do
};

struct Library {
  LibraryReport report;
  void* handle = nullptr;  // for dlsym; nullptr when none was found
};

// In place of a GPU's number, where there is none: then only files and functions are looked at.
constexpr int noGpu = -1;

// Looked for once per process and GPU, when first asked for. `gpu` is the current one.
const Library& cublasLtLibrary(int gpu);
// From the folder of cuBLASLt, if that was found: the two are built for each other.
const Library& cublasLibrary(int gpu);
// With all its parts from one folder.
const Library& cudnnLibrary(int gpu);

// Why a library that was found was refused, or is missing though CUDA_GAN_LIB_DIR asks for it; empty where there is
// simply none, or where it was found.
std::string whyMissed(const Library& library);

// Looks for all of them: for people who ask what this machine has.
std::vector<LibraryReport> libraryReports(int gpu);

}  // namespace cuda_gan::cuda
