// SPDX-License-Identifier: MIT
// Libraries that are loaded at run time, and where those for media labels are registered.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace ntms::platform {

// A loaded library. It stays loaded until the process ends: code of a foreign library may have left
// threads behind. Copies name the same library. Thread safe.
class SharedLibrary {
 public:
  // Errors: ERROR_OBJECT_NOT_FOUND with the system's words when it cannot be loaded, whatever the
  // reason; ERROR_INVALID_PARAMETER for a path that is not absolute.
  static Result<SharedLibrary> load(const std::filesystem::path& path);

  // The address of an exported function; null when there is none of this name.
  void* find(const char* name) const;

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  void* handle_;
};

// A media label library as an installer registered it (media-labels 3).
struct RegisteredLibrary {
  std::string name;
  std::filesystem::path path;
};

// All of them, in the order of their registration: on Windows the keys below
// HKLM\SYSTEM\CurrentControlSet\Control\NTMS\OMID\Tape with their value Path; elsewhere the lines
// "<name> <path>" of the file label-libraries.conf in the data directory (# begins a comment).
// What cannot be read is left out; the file counts only if it belongs to root or to the user of
// this process and nobody else may write it, because the libraries named there run in this process.
std::vector<RegisteredLibrary> registered_label_libraries(
    const std::filesystem::path& data_directory);

}  // namespace ntms::platform
