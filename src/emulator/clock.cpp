// SPDX-License-Identifier: MIT
#include "emulator/device.h"

namespace ntms::emulator {

struct VirtualClock::Reader {
  std::mutex mutex;
  std::unique_ptr<LibraryFile> file;
  std::int64_t last = 0;
};

Result<std::optional<VirtualClock>> VirtualClock::of(const std::string& path_utf8) {
  auto file = LibraryFile::open(path_utf8);
  if (!file) return file.error();
  if (!(*file)->geometry().virtual_clock) return std::optional<VirtualClock>();
  auto reader = std::make_shared<Reader>();
  reader->file = *std::move(file);
  return std::optional<VirtualClock>(VirtualClock(std::move(reader)));
}

std::int64_t VirtualClock::now_ms() const {
  const std::lock_guard lock(reader_->mutex);
  try {
    reader_->last = reader_->file->now_ms();
  } catch (const SqliteError&) {
    // Time stands still: there is nothing else a clock could answer.
    return reader_->last;
  }
  return reader_->last;
}

}  // namespace ntms::emulator
