// SPDX-License-Identifier: MIT
// A directory for one test, removed with everything in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#ifdef _WIN32
#include "base/guid.h"
#endif

namespace ntms::platform::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
#ifdef _WIN32
    path_ = std::filesystem::temp_directory_path() / ("ntms-test-" + Guid::make().to_string());
    std::filesystem::create_directory(path_);
#else
    std::string name = (std::filesystem::temp_directory_path() / "ntms-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
#endif
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const {
    return path_;
  }

 private:
  std::filesystem::path path_;
};

// Sets an environment variable for one test and restores it.
class ScopedEnvironment {
 public:
  ScopedEnvironment(const char* name, const char* value) : name_(name) {
    const char* before = std::getenv(name);
    existed_ = before != nullptr;
    if (existed_) before_ = before;
    set(name, value);
  }
  ~ScopedEnvironment() { set(name_.c_str(), existed_ ? before_.c_str() : nullptr); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  static void set(const char* name, const char* value) {
#ifdef _WIN32
    _putenv_s(name, value != nullptr ? value : "");
#else
    if (value != nullptr) {
      setenv(name, value, 1);
    } else {
      unsetenv(name);
    }
#endif
  }

  std::string name_;
  std::string before_;
  bool existed_ = false;
};

}  // namespace ntms::platform::test
