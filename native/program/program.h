// A Program as native code sees it: tensors with a place, instructions with attributes. Plain data.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cuda_gan {

enum class DType { Float32, Int32, UInt8 };

inline size_t bytesPerElement(DType dtype) { return dtype == DType::UInt8 ? 1 : 4; }

struct TensorSpec {
  std::vector<int64_t> shape;
  DType dtype;
  bool isVariable;  // else it lies in the arena
  size_t place;     // index of the Variable, or byte offset in the arena
};

using Attribute = std::variant<double, std::string, std::vector<double>>;

// Settings by name. What belongs to a part of a fused op is called "part.name".
class Attributes {
 public:
  void set(const std::string& name, Attribute value) { values_[name] = std::move(value); }

  double number(const std::string& name) const { return get<double>(name); }
  bool flag(const std::string& name) const { return get<double>(name) != 0; }
  const std::string& text(const std::string& name) const { return get<std::string>(name); }
  const std::vector<double>& numbers(const std::string& name) const { return get<std::vector<double>>(name); }

  // The settings of one part of a fused op.
  Attributes part(const std::string& name) const {
    const std::string prefix = name + ".";
    Attributes result;
    for (auto it = values_.lower_bound(prefix); it != values_.end() && it->first.rfind(prefix, 0) == 0; ++it)
      result.set(it->first.substr(prefix.size()), it->second);
    return result;
  }

 private:
  template <typename T>
  const T& get(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || !std::holds_alternative<T>(found->second))
      throw std::logic_error("attribute \"" + name + "\" is missing or of another type");
    return std::get<T>(found->second);
  }

  std::map<std::string, Attribute> values_;
};

struct InstructionSpec {
  std::string op;
  std::vector<size_t> inputs, outputs;  // indices into Program::tensors
  Attributes attributes;
};

struct Program {
  std::vector<TensorSpec> tensors;
  std::vector<InstructionSpec> instructions;
  std::vector<size_t> outputs;  // tensors recorded at every step
  size_t arenaBytes = 0;
};

// A tensor once it has memory.
struct Tensor {
  void* data;
  std::vector<int64_t> shape;
  DType dtype;

  float* floats() const { return static_cast<float*>(data); }
  int32_t* integers() const { return static_cast<int32_t*>(data); }
  uint8_t* bytes() const { return static_cast<uint8_t*>(data); }
  int64_t size() const {
    int64_t product = 1;
    for (int64_t dimension : shape) product *= dimension;
    return product;
  }
  // Length of the last axis (1 for a scalar), and how many rows of that length there are.
  int64_t columns() const { return shape.empty() ? 1 : shape.back(); }
  int64_t rows() const { return columns() == 0 ? 0 : size() / columns(); }
  size_t byteSize() const { return static_cast<size_t>(size()) * bytesPerElement(dtype); }
};

// An instruction whose tensors have memory.
struct Instruction {
  std::string op;
  std::vector<Tensor> inputs, outputs;
  Attributes attributes;

  double number(const std::string& name) const { return attributes.number(name); }
  bool flag(const std::string& name) const { return attributes.flag(name); }
  const std::string& text(const std::string& name) const { return attributes.text(name); }
  const std::vector<double>& numbers(const std::string& name) const { return attributes.numbers(name); }
};

}  // namespace cuda_gan
