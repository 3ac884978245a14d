// Prints what the search for NVIDIA's libraries finds, as JSON. Arguments are libraries to load before it.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "libraries/search.h"

namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; i++) {
    if (dlopen(arguments[i], RTLD_LAZY | RTLD_LOCAL)) continue;
    std::fprintf(stderr, "%s\n", dlerror());
    return EXIT_FAILURE;
  }
  std::string json;
  for (const auto& report : cuda_gan::cuda::libraryReports()) {
    std::string tried;
    for (const std::string& line : report.tried) tried += (tried.empty() ? "" : ",") + quoted(line);
    json += (json.empty() ? "" : ",") + ("{\"name\":" + quoted(report.name)) + ",\"path\":" + quoted(report.path) +
            ",\"version\":" + quoted(report.version) + ",\"tried\":[" + tried + "]}";
  }
  std::printf("[%s]\n", json.c_str());
  return EXIT_SUCCESS;
}
