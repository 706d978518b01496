// SPDX-License-Identifier: MIT
// A directory for one test, removed with everything in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "support/system.h"

namespace ntms::platform::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(ntms::test::make_temporary_directory("ntms-test")) {}
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Sets an environment variable for one test, or removes it (null), and restores it.
class ScopedEnvironment {
 public:
  ScopedEnvironment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ntms::test::set_environment(
        name_, value != nullptr ? std::optional<std::string>(value) : std::nullopt);
  }
  ~ScopedEnvironment() { ntms::test::set_environment(name_, before_); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace ntms::platform::test
