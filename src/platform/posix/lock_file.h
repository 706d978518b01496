// SPDX-License-Identifier: MIT
// Opening lock files and placing POSIX record locks on them. Inside the platform layer only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "platform/posix/file_descriptor.h"

namespace ntms::platform {

enum class LockKind { shared, exclusive };

// Opens `path` for reading and writing; when missing it appears with exactly `mode`, whatever the
// umask. Refused are symbolic links, anything but a regular file, and files with a second name,
// so that nobody can direct what is written into it to another file.
// Errors: ERROR_ACCESS_DENIED for what is refused or not permitted, else as errno_error() with
// `otherwise`.
Result<FileDescriptor> open_lock_file(const std::filesystem::path& path, mode_t mode,
                                      std::uint32_t otherwise);

// Locks the whole file without waiting. Returns 0 or the errno value; EAGAIN or EACCES: taken.
int try_lock(int fd, LockKind kind);

// Locks the whole file exclusively and waits for it. Throws std::system_error when the system
// cannot lock at all.
void wait_lock(int fd);

void unlock(int fd);

// The process that keeps an exclusive lock from being placed; nothing when none does. 0: a process
// that this one cannot see (another PID namespace).
std::optional<std::uint32_t> lock_holder(int fd);

}  // namespace ntms::platform
