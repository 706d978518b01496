// SPDX-License-Identifier: MIT
#include "bench/work_directory.h"

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

namespace ntms::bench {

WorkDirectory::WorkDirectory() {
  const char* named = std::getenv("NTMS_BENCH_DIR");
  path_ =
      std::filesystem::path(named != nullptr ? named : NTMS_BENCH_DIR) / std::to_string(getpid());
  std::filesystem::create_directories(path_ / "locks");
  setenv("NTMS_LOCK_DIR", (path_ / "locks").c_str(), 1);
  setenv("NTMS_LOG", "error", 0);
  setenv("NTMS_IDENTIFY", "no", 1);  // the robot does what is measured and nothing else
}

WorkDirectory::~WorkDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ntms::bench
