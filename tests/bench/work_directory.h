// SPDX-License-Identifier: MIT
// Where a benchmark keeps its files: on a real disk, because what is measured is mostly the disk.
#pragma once

#include <filesystem>

namespace ntms::bench {

// A new directory under $NTMS_BENCH_DIR (default: "bench-data" in the build tree), removed with
// everything in it at the end of the scope. Sets NTMS_LOCK_DIR, NTMS_LOG and NTMS_IDENTIFY for the
// sessions to come. Throws std::filesystem::filesystem_error.
class WorkDirectory {
 public:
  WorkDirectory();
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ntms::bench
