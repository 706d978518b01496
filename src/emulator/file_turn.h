// SPDX-License-Identifier: MIT
// Whose turn it is on a library's file. SQLite's own locks do not do here: an application and the
// library under test may each bring their own copy of SQLite into one process, and POSIX record
// locks do not tell two copies in one process apart.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ntms::emulator {

// An advisory lock on the file through a handle of its own. Not thread-safe: its owner serialises.
class FileTurn {
 public:
  // A file that does not exist (yet) can be opened later.
  FileTurn() = default;
  ~FileTurn();
  FileTurn(const FileTurn&) = delete;
  FileTurn& operator=(const FileTurn&) = delete;

  // Opens the file at `path` (UTF-8), which must exist. False when the system refuses.
  bool open(const std::string& path);

  // Takes the turn, waiting at most `limit`; nested calls count. False when the time is over.
  bool take(std::chrono::milliseconds limit);
  void give_back();

 private:
  std::intptr_t file_ = -1;
  unsigned depth_ = 0;
};

}  // namespace ntms::emulator
