// An error that a user can meet, with the code that it has in JavaScript.
#pragma once
#include <stdexcept>
#include <string>

namespace cuda_gan {

class CodedError : public std::runtime_error {
 public:
  CodedError(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};

}  // namespace cuda_gan
