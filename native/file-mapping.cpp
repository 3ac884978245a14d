#include "file-mapping.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "errors.h"
#endif

namespace cuda_gan {

#if defined(_WIN32)

std::shared_ptr<FileMapping> FileMapping::open(const std::string&, uint64_t, size_t) { return nullptr; }
FileMapping::~FileMapping() = default;

#else

namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor >= 0) close(descriptor);
  }
  const int descriptor;
};

CodedError failure(const std::string& path, const std::string& reason) {
  return {"CUDA_GAN_FILE", "cannot map " + path + ": " + reason};
}

}  // namespace

std::shared_ptr<FileMapping> FileMapping::open(const std::string& path, uint64_t offset, size_t length) {
  const OpenFile file(path);
  struct stat found;
  if (file.descriptor < 0 || fstat(file.descriptor, &found) != 0) throw failure(path, std::strerror(errno));
  const uint64_t size = S_ISREG(found.st_mode) ? static_cast<uint64_t>(found.st_size) : 0;
  if (length == 0 || offset > size || length > size - offset) {
    throw failure(path, std::to_string(length) + " bytes from " + std::to_string(offset) + " on are wanted of " +
                            std::to_string(size));
  }
  const size_t skipped = offset % static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  // Private pages are counted as memory that may be wanted, which would refuse a file larger than memory.
  const int flags = MAP_PRIVATE | MAP_NORESERVE;
  void* pages = mmap(nullptr, skipped + length, PROT_READ | PROT_WRITE, flags, file.descriptor,
                     static_cast<off_t>(offset - skipped));
  if (pages == MAP_FAILED) throw failure(path, std::strerror(errno));
  return std::shared_ptr<FileMapping>(new FileMapping(static_cast<char*>(pages), skipped, length));
}

FileMapping::~FileMapping() { munmap(pages_, skipped_ + length_); }

#endif

}  // namespace cuda_gan
