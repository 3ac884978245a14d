// The interface of a native device. bindings/ knows only this.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "file-mapping.h"
#include "program/program.h"

namespace cuda_gan {

// Memory of one tensor on a device. Offsets and sizes are in bytes.
class Buffer {
 public:
  virtual ~Buffer() = default;
  virtual size_t byteSize() const = 0;
  // Bytes of memory that are there for it alone.
  virtual size_t ownBytes() const { return byteSize(); }
  virtual void write(const void* source, size_t bytes) = 0;
  virtual void read(void* target, size_t bytes) const = 0;
};

struct RunRequest {
  int64_t steps;
  uint64_t firstStep;
  bool stopOnNonFinite;            // end after a step in which an output is NaN or infinite
  std::vector<void*> outputs;      // per output: room for `steps` values of it
  const std::atomic<bool>* cancelled;  // ends the run after the step under way
};

// The graph of launches that a device hands over at once for some steps.
struct GraphFigures {
  size_t nodes;
  size_t levels;          // nodes of its longest path
  size_t parameterBytes;  // that its nodes hold
  size_t early;           // nodes whose kernels come to the device before those that they wait for have ended
  std::vector<std::string> longestPath;  // what the nodes of such a path compute: names of ops, the same often
};

class Executable {
 public:
  virtual ~Executable() = default;
  // Returns the number of completed steps.
  virtual int64_t run(const RunRequest& request) = 0;
  // What a user should know of how the Program was compiled, such as a library that fails; mostly nothing.
  virtual std::vector<std::string> remarks() const { return {}; }
  // The graph of so many steps, on a device that makes graphs.
  virtual std::optional<GraphFigures> graph(int64_t) { return {}; }
};

class Device {
 public:
  virtual ~Device() = default;
  virtual std::string description() const = 0;
  virtual int threads() const = 0;
  virtual std::shared_ptr<Buffer> allocate(size_t bytes) = 0;
  // A buffer that holds a part of a mapping, in place of a copy where the device can compute on that.
  virtual std::shared_ptr<Buffer> adopt(const std::shared_ptr<FileMapping>& mapping, size_t offset, size_t bytes) {
    std::shared_ptr<Buffer> buffer = allocate(bytes);
    buffer->write(mapping->data() + offset, bytes);
    return buffer;
  }
  virtual std::unique_ptr<Executable> compile(const Program& program,
                                              std::vector<std::shared_ptr<Buffer>> variables) = 0;
};

}  // namespace cuda_gan
