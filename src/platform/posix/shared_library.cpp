// SPDX-License-Identifier: MIT
#include "platform/shared_library.h"

#include <dlfcn.h>
#include <ntmsapi.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace ntms::platform {

namespace {

// Whoever may write the file may run code in this process.
bool is_trusted(const std::filesystem::path& file) {
  struct stat status {};
  if (lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const bool owned = status.st_uid == 0 || status.st_uid == geteuid();
  return owned && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

Result<SharedLibrary> SharedLibrary::load(const std::filesystem::path& path) {
  if (!path.is_absolute()) {
    return fail(ERROR_INVALID_PARAMETER, path.string() + " is not an absolute path");
  }
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* const words = dlerror();
    return fail(ERROR_OBJECT_NOT_FOUND, words != nullptr ? words : path.string());
  }
  return SharedLibrary(handle);
}

void* SharedLibrary::find(const char* name) const {
  return dlsym(handle_, name);
}

std::vector<RegisteredLibrary> registered_label_libraries(
    const std::filesystem::path& data_directory) {
  std::vector<RegisteredLibrary> libraries;
  if (!is_trusted(data_directory / "label-libraries.conf")) return libraries;
  std::ifstream file(data_directory / "label-libraries.conf");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    RegisteredLibrary library;
    std::string path;
    if (!(words >> library.name) || !std::getline(words >> std::ws, path)) continue;
    path.erase(path.find_last_not_of(" \t\r") + 1);
    library.path = path;
    libraries.push_back(std::move(library));
  }
  return libraries;
}

}  // namespace ntms::platform
