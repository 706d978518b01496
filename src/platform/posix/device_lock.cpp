// SPDX-License-Identifier: MIT
#include "platform/device_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <string>
#include <type_traits>

#include "ntms/win32_types.h"
#include "platform/posix/errno_error.h"
#include "platform/posix/lock_file.h"
#include "platform/system.h"
#include "platform/text.h"

namespace ntms::platform {

namespace fs = std::filesystem;

// A lock this process holds, linked into the registry while it does.
struct DeviceLock::Held {
  std::string name;  // of the lock file, without the directory
  FileDescriptor file;
  std::uint32_t process = 0;  // a forked child inherits the list but not the locks
  Held* next = nullptr;

  // The locks of this process. Record locks do not conflict inside a process, and closing a second
  // descriptor of the file would give the lock up: so the list is asked before the file is opened.
  // Constant-initialised and never destroyed, for locks that outlive main().
  struct Registry {
    std::mutex mutex;
    Held* first = nullptr;
  };
  static Registry& registry() {
    static constinit Registry all;
    static_assert(std::is_trivially_destructible_v<Registry>);
    return all;
  }

  Held() = default;
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  ~Held() {
    Registry& all = registry();
    const std::lock_guard guard(all.mutex);
    for (Held** link = &all.first; *link != nullptr; link = &(*link)->next) {
      if (*link == this) {
        *link = next;
        break;
      }
    }
    if (process == process_id() && file && ftruncate(file.get(), 0) != 0) {
      // The old text stays. It is only shown while somebody holds the lock, who writes it anew.
    }
    file.reset();  // inside the mutex: after it the name may be opened again
  }
};

namespace {

constexpr std::size_t kHolderTextLimit = 256;

std::string lock_file_name(std::string_view key) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : key) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3u;
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  const std::string text(digits.data(), end);
  return "ntms-" + std::string(16 - text.size(), '0') + text + ".lock";
}

fs::path lock_directory() {
  if (const auto configured = environment("NTMS_LOCK_DIR"); configured && !configured->empty()) {
    return *configured;
  }
  constexpr const char* kRunLock = "/run/lock";
  struct stat info {};
  if (stat(kRunLock, &info) == 0 && S_ISDIR(info.st_mode) &&
      faccessat(AT_FDCWD, kRunLock, W_OK | X_OK, AT_EACCESS) == 0) {
    return kRunLock;
  }
  return "/tmp";
}

// "pid text" as written by write_holder(), made fit for a message; empty when nothing is there.
std::string read_holder(int file) {
  std::array<char, kHolderTextLimit + 32> buffer{};
  const ssize_t length = pread(file, buffer.data(), buffer.size(), 0);
  if (length <= 0) return {};
  const std::string_view text(buffer.data(), static_cast<std::size_t>(length));
  return printable(text.substr(0, text.find('\n')));
}

void write_holder(int file, std::string_view holder_text) {
  std::string shown = printable(holder_text);
  std::array<char, kHolderTextLimit + 1> cut{};
  copy_ansi(shown, cut.data(), cut.size());
  const std::string line = std::to_string(process_id()) + " " + cut.data() + "\n";
  // Only words for people: the lock holds with or without them.
  if (ftruncate(file, 0) != 0) return;
  if (pwrite(file, line.data(), line.size(), 0) < 0) return;
}

// Says who has the lock: the process by the lock itself where it can be seen, the text by the file.
Error busy(int file, const fs::path& path) {
  std::string text = read_holder(file);
  std::string pid = text.substr(0, text.find(' '));
  text.erase(0, pid.size());
  if (const auto process = lock_holder(file); process && *process != 0) {
    pid = std::to_string(*process);
  }
  return fail(ERROR_BUSY, "the device is held by process " + (pid.empty() ? "unknown" : pid) +
                              (text.size() > 1 ? " (" + text.substr(1) + ")" : std::string()) +
                              "; lock file " + path.string());
}

// Whether `path` still names the open file: it may have been removed before it was locked.
bool still_named(int file, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return fstat(file, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

Result<FileDescriptor> open_and_lock(const fs::path& path) {
  constexpr int kAttempts = 16;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto file = open_lock_file(path, 0666, ERROR_DEVICE_NOT_AVAILABLE);
    if (!file) return file;
    const int error = try_lock(file->get(), LockKind::exclusive);
    if (error == EAGAIN || error == EACCES) return busy(file->get(), path);
    if (error != 0) return errno_error(error, path.string(), ERROR_DEVICE_NOT_AVAILABLE);
    if (still_named(file->get(), path)) return file;
  }
  return fail(ERROR_DEVICE_NOT_AVAILABLE, path.string() + " is removed again and again");
}

}  // namespace

Result<DeviceLock> DeviceLock::acquire(std::string_view key, std::string_view holder_text) {
  auto held = std::make_unique<Held>();
  held->name = lock_file_name(key);
  held->process = process_id();
  const fs::path path = lock_directory() / held->name;

  Held::Registry& all = Held::registry();
  const std::lock_guard guard(all.mutex);  // goes before `held`, whose destructor takes the mutex
  for (const Held* other = all.first; other != nullptr; other = other->next) {
    if (other->name == held->name && other->process == held->process) {
      return fail(ERROR_BUSY, "the device is held by this process already (process " +
                                  std::to_string(held->process) + ")");
    }
  }
  auto file = open_and_lock(path);
  if (!file) return file.error();
  held->file = std::move(*file);
  write_holder(held->file.get(), holder_text);
  held->next = all.first;
  all.first = held.get();
  return DeviceLock(std::move(held));
}

DeviceLock::DeviceLock(std::unique_ptr<Held> held) : held_(std::move(held)) {}
DeviceLock::DeviceLock(DeviceLock&& other) noexcept = default;
DeviceLock& DeviceLock::operator=(DeviceLock&& other) noexcept = default;
DeviceLock::~DeviceLock() = default;

}  // namespace ntms::platform
