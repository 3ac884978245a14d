#include "decode-program.h"

#include <utility>

#include "guard.h"

namespace cuda_gan::bindings {

namespace {

template <typename Item>
auto mapArray(const Napi::Value& value, Item item) {
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<decltype(item(Napi::Value()))> result;
  result.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) result.push_back(item(array.Get(i)));
  return result;
}

int64_t integer(const Napi::Value& value) { return value.As<Napi::Number>().Int64Value(); }
size_t index(const Napi::Value& value) { return static_cast<size_t>(integer(value)); }

DType dtypeOf(const Napi::Value& value) {
  const std::string name = value.As<Napi::String>();
  if (name == "float32") return DType::Float32;
  if (name == "int32") return DType::Int32;
  if (name == "uint8") return DType::UInt8;
  throw codedError(value.Env(), "CUDA_GAN_INTERNAL", "unknown dtype " + name);
}

Attribute attributeOf(const Napi::Value& value) {
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value() ? 1.0 : 0.0;
  if (value.IsArray()) {
    return mapArray(value, [](const Napi::Value& item) { return item.As<Napi::Number>().DoubleValue(); });
  }
  return value.As<Napi::Number>().DoubleValue();
}

// Those of a fused op's parts are objects: their names get the part's in front.
void addAttributes(const Napi::Object& source, const std::string& prefix, Attributes& target) {
  for (const auto& [key, property] : source) {
    const std::string name = prefix + key.As<Napi::String>().Utf8Value();
    const Napi::Value value = property;
    if (value.IsObject() && !value.IsArray()) {
      addAttributes(value.As<Napi::Object>(), name + ".", target);
    } else {
      target.set(name, attributeOf(value));
    }
  }
}

TensorSpec tensorOf(const Napi::Value& value) {
  const Napi::Object tensor = value.As<Napi::Object>();
  const Napi::Object place = tensor.Get("place").As<Napi::Object>();
  const bool isVariable = place.Get("kind").As<Napi::String>().Utf8Value() == "variable";
  return {mapArray(tensor.Get("shape"), integer), dtypeOf(tensor.Get("dtype")), isVariable,
          index(place.Get(isVariable ? "index" : "offset"))};
}

InstructionSpec instructionOf(const Napi::Value& value) {
  const Napi::Object instruction = value.As<Napi::Object>();
  InstructionSpec spec{instruction.Get("op").As<Napi::String>(), mapArray(instruction.Get("inputs"), index),
                       mapArray(instruction.Get("outputs"), index), {}};
  addAttributes(instruction.Get("attributes").As<Napi::Object>(), "", spec.attributes);
  return spec;
}

}  // namespace

Program decodeProgram(Napi::Object source) {
  Program program;
  program.tensors = mapArray(source.Get("tensors"), tensorOf);
  program.instructions = mapArray(source.Get("instructions"), instructionOf);
  program.outputs = mapArray(source.Get("outputs"), [](const Napi::Value& output) {
    return index(output.As<Napi::Object>().Get("tensor"));
  });
  program.arenaBytes = index(source.Get("arenaBytes"));
  return program;
}

}  // namespace cuda_gan::bindings
