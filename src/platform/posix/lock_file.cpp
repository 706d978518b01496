// SPDX-License-Identifier: MIT
#include "platform/posix/lock_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include "base/guid.h"
#include "ntms/win32_types.h"
#include "platform/posix/errno_error.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

// O_NONBLOCK: a device or pipe planted under the name must not make open() wait.
constexpr int kOpenFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

// Lets the file appear under its name with its final mode: a process that dies between creating and
// chmod would otherwise leave a file that other users can never lock. Returns 0 or the errno value.
int create_with_mode(const fs::path& path, mode_t mode) {
  fs::path unfinished = path;
  unfinished += "." + Guid::make().to_string();
  const FileDescriptor file(open(unfinished.c_str(), kOpenFlags | O_CREAT | O_EXCL, 0600));
  if (!file) return errno;
  int error = fchmod(file.get(), mode) == 0 ? 0 : errno;
  if (error == 0) {
    if (renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
      return 0;
    }
    error = errno;
  }
  unlink(unfinished.c_str());
  return error;
}

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;  // start 0, length 0: everything
  return lock;
}

}  // namespace

Result<FileDescriptor> open_lock_file(const fs::path& path, mode_t mode, std::uint32_t otherwise) {
  // Opening comes first and never says O_CREAT: fs.protected_regular forbids that for somebody
  // else's file in /tmp. The attempts end a race with those who create or remove the file.
  int error = ENOENT;
  for (int attempt = 0; attempt < 16 && (error == ENOENT || error == EEXIST); ++attempt) {
    FileDescriptor file(open(path.c_str(), kOpenFlags));
    if (file) {
      struct stat info {};
      if (fstat(file.get(), &info) != 0) return errno_error(errno, path.string(), otherwise);
      if (!S_ISREG(info.st_mode) || info.st_nlink > 1) {
        return fail(ERROR_ACCESS_DENIED, path.string() + " is not a plain file of its own");
      }
      return file;
    }
    error = errno;
    if (error != ENOENT) break;
    error = create_with_mode(path, mode);
    if (error == ENOENT) break;  // the directory itself is missing
    if (error == 0) error = ENOENT;
  }
  return errno_error(error, "cannot open the lock file " + path.string(), otherwise);
}

int try_lock(int fd, LockKind kind) {
  struct flock lock = whole_file(kind == LockKind::exclusive ? F_WRLCK : F_RDLCK);
  while (fcntl(fd, F_SETLK, &lock) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

void wait_lock(int fd) {
  struct flock lock = whole_file(F_WRLCK);
  while (fcntl(fd, F_SETLKW, &lock) != 0) {
    if (errno == EINTR) continue;
    if (errno != EDEADLK) {
      throw std::system_error(errno, std::generic_category(), "waiting for a file lock");
    }
    // The kernel sees processes, not threads: what it takes for a deadlock ends when another thread
    // of this process lets go of its lock.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void unlock(int fd) {
  struct flock lock = whole_file(F_UNLCK);
  fcntl(fd, F_SETLK, &lock);
}

std::optional<std::uint32_t> lock_holder(int fd) {
  struct flock lock = whole_file(F_WRLCK);
  if (fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return lock.l_pid > 0 ? static_cast<std::uint32_t>(lock.l_pid) : 0;
}

}  // namespace ntms::platform
