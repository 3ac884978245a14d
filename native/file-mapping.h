// A part of a file as memory. Pages are read from the disk when they are first looked at, and given back when memory is
// short, so that data may be larger than memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace cuda_gan {

class FileMapping {
 public:
  // `length` bytes, at least one, of a regular file from `offset` on. They may be written to: such pages become memory of
  // this process, and the file stays as it is. Null on Windows. Throws CodedError CUDA_GAN_FILE.
  static std::shared_ptr<FileMapping> open(const std::string& path, uint64_t offset, size_t length);
  FileMapping(const FileMapping&) = delete;
  ~FileMapping();

  char* data() const { return pages_ + skipped_; }
  size_t byteSize() const { return length_; }

 private:
  FileMapping(char* pages, size_t skipped, size_t length) : pages_(pages), skipped_(skipped), length_(length) {}

  char* pages_;
  size_t skipped_;  // bytes from the begin of the first page to the data
  size_t length_;
};

}  // namespace cuda_gan
