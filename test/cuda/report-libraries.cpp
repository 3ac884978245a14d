// Prints what the search for NVIDIA's libraries finds on a GPU, or where there is none, as JSON. The first argument is the
// GPU's number, or -1; the others are libraries to load before it.
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

std::string listOf(const std::vector<std::string>& lines) {
  std::string list;
  for (const std::string& line : lines) list += (list.empty() ? "" : ",") + quoted(line);
  return "[" + list + "]";
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 2; i < count; i++) {
    if (dlopen(arguments[i], RTLD_LAZY | RTLD_LOCAL)) continue;
    std::fprintf(stderr, "%s\n", dlerror());
    return EXIT_FAILURE;
  }
  std::string json;
  for (const auto& report : cuda_gan::cuda::libraryReports(std::atoi(arguments[1]))) {
    json += (json.empty() ? "" : ",") + ("{\"name\":" + quoted(report.name)) + ",\"path\":" + quoted(report.path) +
            ",\"version\":" + quoted(report.version) + ",\"tried\":" + listOf(report.tried) +
            ",\"refused\":" + listOf(report.refused) + "}";
  }
  std::printf("[%s]\n", json.c_str());
  return EXIT_SUCCESS;
}
