// SPDX-License-Identifier: MIT
// A lock between processes on a file of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/error.h"

namespace ntms::platform {

// An open lock file, at first unlocked. The lock belongs to the process: it dies with it, is not
// inherited by its children, and does not keep apart the threads of one process, which need a mutex
// beside it.
// Never open the same file twice in a process, in this way or any other: closing either of the two
// gives up the lock of both.
// Thread safety: different threads may call the members at the same time, except for moving and
// destroying; but threads that lock and release the same object undo each other's work.
// On Windows the locks lie far behind the end of the file, so that they keep nobody from reading
// it.
class FileLock {
 public:
  // Opens `path`; a missing file is created with mode 0660 whatever the umask. Nothing is locked.
  // Errors: ERROR_ACCESS_DENIED without permission and for symbolic links and other things that are
  // not plain files; ERROR_DATABASE_FAILURE when the directory is missing and for other failures.
  static Result<FileLock> open(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();  // releases

  // Takes the lock, or turns a shared into an exclusive one, if no other process is in the way.
  bool try_exclusive();

  // Waits for the exclusive lock, without limit; signals do not end the waiting.
  // Throws std::system_error when the system cannot lock at all (ENOLCK).
  void exclusive();

  // Takes the lock together with other shared holders, or turns an exclusive into a shared one.
  bool try_shared();

  // Gives the lock up; the file stays open. No effect without a lock.
  void release();

  // A process other than this one that keeps the exclusive lock from being taken; nothing when
  // there is none. 0: a process that cannot be seen from here (another PID namespace).
  std::optional<std::uint32_t> holder() const;

 private:
  explicit FileLock(std::intptr_t file) : file_(file) {}

  std::intptr_t file_;  // the system's handle, or what has it; -1 after a move
};

}  // namespace ntms::platform
