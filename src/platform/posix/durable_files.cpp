// SPDX-License-Identifier: MIT
#include "platform/durable_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/posix/errno_error.h"
#include "platform/posix/file_descriptor.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

// The directory of a file, opened so that a change of its names can be put on disk. Done before the
// change: afterwards nothing may fail for want of memory or descriptors.
FileDescriptor open_parent(const fs::path& path) {
  return FileDescriptor(open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Error failure(const char* doing, const fs::path& path) {
  const int error = errno;
  return errno_error(error, doing + path.string());
}

}  // namespace

Result<void> make_shared_directory(const fs::path& path) {
  const FileDescriptor parent = open_parent(path);
  if (!parent) return failure("cannot create ", path);
  if (mkdir(path.c_str(), 0770) == 0) {
    // mkdir() obeys the umask and drops the set-group-ID bit, which lets new files keep the group.
    const FileDescriptor created(
        open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!created || fchmod(created.get(), 02770) != 0) {
      return failure("cannot set the mode of ", path);
    }
  } else if (errno != EEXIST) {
    return failure("cannot create ", path);
  }
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return failure("cannot create ", path);
  if (!S_ISDIR(info.st_mode)) {
    return fail(ERROR_DATABASE_FAILURE, path.string() + " is not a directory");
  }
  if (fsync(parent.get()) != 0) return failure("cannot create ", path);
  return {};
}

Result<void> create_durably(const fs::path& path) {
  const FileDescriptor parent = open_parent(path);
  if (!parent) return failure("cannot create ", path);
  constexpr int kFlags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  FileDescriptor file(open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0660));
  const bool created = static_cast<bool>(file);
  if (!created && errno == EEXIST) file = FileDescriptor(open(path.c_str(), kFlags));
  if (!file) return failure("cannot create ", path);
  if ((created && fchmod(file.get(), 0660) != 0) || fsync(file.get()) != 0 ||
      fsync(parent.get()) != 0) {
    Error error = failure("cannot put on disk ", path);
    if (created) unlink(path.c_str());
    return error;
  }
  return {};
}

Result<void> sync_file(const fs::path& path) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file || fsync(file.get()) != 0) return failure("cannot put on disk ", path);
  return {};
}

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  const FileDescriptor parent = open_parent(to);
  if (!parent || rename(from.c_str(), to.c_str()) != 0 || fsync(parent.get()) != 0) {
    return failure("cannot replace ", to);
  }
  return {};
}

Result<void> remove_durably(const fs::path& path) {
  const FileDescriptor parent = open_parent(path);
  if (!parent || (unlink(path.c_str()) != 0 && errno != ENOENT) || fsync(parent.get()) != 0) {
    return failure("cannot remove ", path);
  }
  return {};
}

}  // namespace ntms::platform
