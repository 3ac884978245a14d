// What the tests of NVIDIA's libraries expect; `failures` counts what was not so.
#pragma once
#include <cstdio>
#include <functional>
#include <string>

inline int failures = 0;

inline void expect(bool condition, const std::string& what) {
  if (condition) return;
  failures++;
  std::printf("FAILED: %s\n", what.c_str());
}

template <typename Exception>
void expectThrow(const std::string& part, const std::function<void()>& body) {
  try {
    body();
    expect(false, "nothing was thrown that says: " + part);
  } catch (const Exception& error) {
    expect(std::string(error.what()).find(part) != std::string::npos, part + " is not in: " + error.what());
  }
}
