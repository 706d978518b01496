// SPDX-License-Identifier: MIT
// FileLock by POSIX record locks. flock() and open-file-description locks will not do: children
// inherit both.
#include "platform/file_lock.h"

#include <unistd.h>

#include <utility>

#include "ntms/win32_types.h"
#include "platform/posix/lock_file.h"

namespace ntms::platform {
namespace {

int descriptor(std::intptr_t file) {
  return static_cast<int>(file);
}

}  // namespace

Result<FileLock> FileLock::open(const std::filesystem::path& path) {
  auto file = open_lock_file(path, 0660, ERROR_DATABASE_FAILURE);
  if (!file) return file.error();
  return FileLock(file->release());
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  FileLock taken(std::move(other));
  std::swap(file_, taken.file_);  // what this object had is released here
  return *this;
}

FileLock::~FileLock() {
  if (file_ >= 0) close(descriptor(file_));
}

bool FileLock::try_exclusive() {
  return try_lock(descriptor(file_), LockKind::exclusive) == 0;
}

void FileLock::exclusive() {
  wait_lock(descriptor(file_));
}

bool FileLock::try_shared() {
  return try_lock(descriptor(file_), LockKind::shared) == 0;
}

void FileLock::release() {
  unlock(descriptor(file_));
}

std::optional<std::uint32_t> FileLock::holder() const {
  return lock_holder(descriptor(file_));
}

}  // namespace ntms::platform
