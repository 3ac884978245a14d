// Finds NVIDIA's libraries at run time. All are optional: the device has kernels of its own for every op.
//
// Places, in this order: the folders of CUDA_GAN_LIB_DIR (separated by colons), a copy that the process has loaded
// already, Python's packages (nvidia/*/lib), conda, the loader's default, CUDA_PATH, /usr/local/cuda. The first copy
// that loads and has the functions wanted is kept for the life of the process: these libraries start threads and hold
// memory of the driver, so they are never unloaded.
#pragma once
#include <string>
#include <vector>

namespace cuda_gan::cuda {

struct LibraryReport {
  std::string name;                // "cuBLASLt", "cuBLAS" or "cuDNN"
  std::string path;                // of the file, or "" when none was found
  std::string version;             // "13.1.1"
  std::vector<std::string> tried;  // places before it, or all places, each with the reason why it was not that
};

struct Library {
  LibraryReport report;
  void* handle = nullptr;  // for dlsym; nullptr when none was found
};

// Looked for once per process, when first asked for. Needs no driver and no GPU.
const Library& cublasLtLibrary();
// From the folder of cuBLASLt, if that was found: the two are built for each other.
const Library& cublasLibrary();
// With all its parts from one folder.
const Library& cudnnLibrary();

// Looks for all of them: for people who ask what this machine has.
std::vector<LibraryReport> libraryReports();

}  // namespace cuda_gan::cuda
