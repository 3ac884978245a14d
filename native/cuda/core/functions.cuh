// The functions of one number and of two that ops apply element by element: a further one is a line in its list.
#pragma once
#include <cmath>
#include <stdexcept>
#include <string>

#include "launch.cuh"

namespace cuda_gan::cuda {

namespace functions {

struct Abs {
  static constexpr const char* name = "abs";
  __device__ float operator()(float x) const { return fabsf(x); }
};
struct Cos {
  static constexpr const char* name = "cos";
  __device__ float operator()(float x) const { return cosf(x); }
};
struct Erf {
  static constexpr const char* name = "erf";
  __device__ float operator()(float x) const { return erff(x); }
};
struct Exp {
  static constexpr const char* name = "exp";
  __device__ float operator()(float x) const { return expf(x); }
};
struct Floor {
  static constexpr const char* name = "floor";
  __device__ float operator()(float x) const { return floorf(x); }
};
struct Log {
  static constexpr const char* name = "log";
  __device__ float operator()(float x) const { return logf(x); }
};
struct Sign {
  static constexpr const char* name = "sign";
  __device__ float operator()(float x) const { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
};
struct Sin {
  static constexpr const char* name = "sin";
  __device__ float operator()(float x) const { return sinf(x); }
};
struct Sqrt {
  static constexpr const char* name = "sqrt";
  __device__ float operator()(float x) const { return sqrtf(x); }
};

struct Add {
  static constexpr const char* name = "add";
  __device__ float operator()(float a, float b) const { return a + b; }
};
struct Divide {
  static constexpr const char* name = "divide";
  __device__ float operator()(float a, float b) const { return a / b; }
};
struct Equal {
  static constexpr const char* name = "equal";
  __device__ float operator()(float a, float b) const { return a == b ? 1.0f : 0.0f; }
};
struct Greater {
  static constexpr const char* name = "greater";
  __device__ float operator()(float a, float b) const { return a > b ? 1.0f : 0.0f; }
};
// NaN where either is, as is the minimum.
struct Maximum {
  static constexpr const char* name = "maximum";
  __device__ float operator()(float a, float b) const { return a > b || a != a ? a : b; }
};
struct Minimum {
  static constexpr const char* name = "minimum";
  __device__ float operator()(float a, float b) const { return a < b || a != a ? a : b; }
};
struct Multiply {
  static constexpr const char* name = "multiply";
  __device__ float operator()(float a, float b) const { return a * b; }
};
struct Subtract {
  static constexpr const char* name = "subtract";
  __device__ float operator()(float a, float b) const { return a - b; }
};

}  // namespace functions

template <class... Functions>
struct FunctionList {
  // use(f) of the function of this name.
  template <class Use>
  static Kernel with(const std::string& name, Use use) {
    Kernel kernel;
    const bool found = ((name == Functions::name && (kernel = use(Functions{}), true)) || ...);
    if (!found) throw std::logic_error("there is no function \"" + name + "\"");
    return kernel;
  }

  static int numberOf(const std::string& name) {
    int number = 0;
    const bool found = ((name == Functions::name || (number++, false)) || ...);
    if (!found) throw std::logic_error("there is no function \"" + name + "\"");
    return number;
  }

  // Of the function of this number.
  template <class... Numbers>
  __device__ static float result(int number, Numbers... x) {
    float y = 0;
    int i = 0;
    (void)((i++ == number && (y = Functions{}(x...), true)) || ...);
    return y;
  }
};

using UnaryFunctions = FunctionList<functions::Abs, functions::Cos, functions::Erf, functions::Exp, functions::Floor, functions::Log,
                                    functions::Sign, functions::Sin, functions::Sqrt>;
using BinaryFunctions = FunctionList<functions::Add, functions::Divide, functions::Equal, functions::Greater, functions::Maximum,
                                     functions::Minimum, functions::Multiply, functions::Subtract>;

}  // namespace cuda_gan::cuda
