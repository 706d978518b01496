// SPDX-License-Identifier: MIT
// FileLock by LockFileEx. Its locks are mandatory for reading and writing, so they lie far behind
// the end of any file; they end with the process and are not inherited.
//
// Windows cannot turn a shared lock into an exclusive one, nor say who has a lock. Four places in
// the file make up for that:
//   kGate    exclusive for the moment of a change, so that changes in two steps look like one
//   kQueue   exclusive while the exclusive lock is held, for those who wait to wait for
//   kMain    the lock itself
//   kHolders exclusive at the place of one's process id, while the lock is held in either way
#include "platform/file_lock.h"

#include <mutex>
#include <system_error>
#include <utility>

#include "platform/system.h"
#include "platform/win32/plain_file.h"

namespace ntms::platform {
namespace {

constexpr std::uint64_t kGate = std::uint64_t{1} << 62;
constexpr std::uint64_t kQueue = kGate + 1;
constexpr std::uint64_t kMain = kGate + 2;
constexpr std::uint64_t kHolders = kGate + (std::uint64_t{1} << 40);
constexpr std::uint64_t kProcesses = std::uint64_t{1} << 32;

enum class Held { none, shared, exclusive };

OVERLAPPED at(std::uint64_t offset) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return place;
}

bool unlock(HANDLE file, std::uint64_t offset, std::uint64_t length = 1) {
  OVERLAPPED place = at(offset);
  return UnlockFileEx(file, 0, static_cast<DWORD>(length), static_cast<DWORD>(length >> 32),
                      &place) != 0;
}

// Locks a range; `flags` as for LockFileEx(). False without LOCKFILE_FAIL_IMMEDIATELY means that
// the system cannot lock.
bool lock(HANDLE file, DWORD flags, std::uint64_t offset, std::uint64_t length = 1) {
  // The file is open for overlapped operations: otherwise a thread that waits would keep the
  // others from using the handle, even from unlocking.
  const Handle event(CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (!event) return false;
  OVERLAPPED place = at(offset);
  place.hEvent = event.get();
  if (LockFileEx(file, flags, 0, static_cast<DWORD>(length), static_cast<DWORD>(length >> 32),
                 &place)) {
    return true;
  }
  DWORD ignored = 0;
  return GetLastError() == ERROR_IO_PENDING && GetOverlappedResult(file, &place, &ignored, TRUE);
}

bool try_exclusively(HANDLE file, std::uint64_t offset) {
  return lock(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, offset);
}

// A place that is locked exclusively while the object lives, waiting for it if necessary.
class Place {
 public:
  Place(HANDLE file, std::uint64_t offset)
      : file_(file), offset_(offset), locked_(lock(file, LOCKFILE_EXCLUSIVE_LOCK, offset)) {}
  ~Place() {
    if (locked_) unlock(file_, offset_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  explicit operator bool() const { return locked_; }

 private:
  HANDLE file_;
  std::uint64_t offset_;
  bool locked_;
};

// Whether somebody has a lock in the range. The caller has the gate.
bool is_locked(HANDLE file, std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return false;
  if (!lock(file, LOCKFILE_FAIL_IMMEDIATELY, offset, length)) return true;
  unlock(file, offset, length);
  return false;
}

// What FileLock::file_ points to.
struct OpenFile {
  explicit OpenFile(Handle opened) : file(std::move(opened)) {}

  bool take_main(Held how) const {
    const DWORD kind = how == Held::exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0;
    return lock(file.get(), kind | LOCKFILE_FAIL_IMMEDIATELY, kMain);
  }

  // Gets from one way of holding the lock into the other, if no other process is in the way. The
  // caller has the mutex.
  bool change(Held wanted) {
    if (held == wanted) return true;
    const Place gate(file.get(), kGate);
    if (!gate) return false;
    if (held != Held::none) unlock(file.get(), kMain);
    if (!take_main(wanted)) {
      // Nobody can have come in between, as they would need the gate.
      if (held != Held::none && !take_main(held)) lose();
      return false;
    }
    if (held == Held::none) lock(file.get(), LOCKFILE_EXCLUSIVE_LOCK, own_place());
    held = wanted;
    if (wanted == Held::exclusive && !queued) queued = try_exclusively(file.get(), kQueue);
    if (wanted == Held::shared) leave_queue();
    return true;
  }

  void release() {
    if (held == Held::none) return;
    unlock(file.get(), kMain);
    lose();
  }

  // After the main lock is gone.
  void lose() {
    unlock(file.get(), own_place());
    held = Held::none;
    leave_queue();  // last: whoever waits for the queue then finds the lock free
  }

  void leave_queue() {
    if (std::exchange(queued, false)) unlock(file.get(), kQueue);
  }

  std::uint64_t own_place() const { return kHolders + process; }

  const Handle file;
  const std::uint32_t process = process_id();
  std::mutex mutex;  // guards the two below
  Held held = Held::none;
  bool queued = false;  // has kQueue
};

OpenFile& opened(std::intptr_t file) {
  return *reinterpret_cast<OpenFile*>(file);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

Result<FileLock> FileLock::open(const std::filesystem::path& path) {
  auto file = open_plain_file(path, GENERIC_READ | GENERIC_WRITE, kShareAll, OPEN_ALWAYS,
                              FILE_FLAG_OVERLAPPED);
  if (!file) return file.error();
  BY_HANDLE_FILE_INFORMATION info{};
  if (!GetFileInformationByHandle(file->get(), &info) || info.nNumberOfLinks > 1) {
    return fail(ERROR_ACCESS_DENIED, shown(path) + " is not a plain file of its own");
  }
  return FileLock(reinterpret_cast<std::intptr_t>(new OpenFile(std::move(*file))));
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  FileLock taken(std::move(other));
  std::swap(file_, taken.file_);  // what this object had is released here
  return *this;
}

FileLock::~FileLock() {
  if (file_ == -1) return;
  release();
  delete &opened(file_);
}

bool FileLock::try_exclusive() {
  OpenFile& file = opened(file_);
  const std::lock_guard guard(file.mutex);
  return file.change(Held::exclusive);
}

void FileLock::exclusive() {
  OpenFile& file = opened(file_);
  for (;;) {
    bool waited_for_turn = false;
    {
      const std::lock_guard guard(file.mutex);
      if (file.change(Held::exclusive)) return;
      waited_for_turn = file.queued;
    }
    if (waited_for_turn) {
      // It is this one's turn, but others have the lock together.
      Sleep(1);
      continue;
    }
    if (!lock(file.file.get(), LOCKFILE_EXCLUSIVE_LOCK, kQueue)) {
      throw std::system_error(static_cast<int>(GetLastError()), std::system_category(),
                              "waiting for a file lock");
    }
    const std::lock_guard guard(file.mutex);
    file.queued = true;
  }
}

bool FileLock::try_shared() {
  OpenFile& file = opened(file_);
  const std::lock_guard guard(file.mutex);
  return file.change(Held::shared);
}

void FileLock::release() {
  OpenFile& file = opened(file_);
  const std::lock_guard guard(file.mutex);
  file.release();
}

std::optional<std::uint32_t> FileLock::holder() const {
  OpenFile& file = opened(file_);
  const std::lock_guard guard(file.mutex);
  const HANDLE handle = file.file.get();
  const Place gate(handle, kGate);
  if (!gate) return std::nullopt;
  const std::uint64_t own = file.process;
  std::uint64_t first = 0;
  std::uint64_t length = own;
  if (!is_locked(handle, kHolders, length)) {
    first = own + 1;
    length = kProcesses - first;
    if (!is_locked(handle, kHolders + first, length)) return std::nullopt;
  }
  while (length > 1) {
    const std::uint64_t half = length / 2;
    if (is_locked(handle, kHolders + first, half)) {
      length = half;
    } else {
      first += half;
      length -= half;
    }
  }
  return static_cast<std::uint32_t>(first);
}

}  // namespace ntms::platform
