// SPDX-License-Identifier: MIT
// The lock is the file being open for writing: nobody else can open it so meanwhile, and Windows
// closes it when the process dies.
#include "platform/device_lock.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <string>

#include "platform/system.h"
#include "platform/text.h"
#include "platform/win32/known_folder.h"
#include "platform/win32/plain_file.h"
#include "platform/win32/security.h"

namespace ntms::platform {

namespace fs = std::filesystem;

struct DeviceLock::Held {
  explicit Held(Handle opened) : file(std::move(opened)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    SetFilePointer(file.get(), 0, nullptr, FILE_BEGIN);
    SetEndOfFile(file.get());  // the text is only shown while somebody holds the lock
  }

  Handle file;
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

// Created when missing: only Windows' own directories are there from the beginning.
Result<fs::path> lock_directory() {
  if (const auto configured = environment("NTMS_LOCK_DIR"); configured && !configured->empty()) {
    return path_of(*configured);
  }
  auto common = program_data();
  if (!common) return common;
  fs::path directory = *common / L"NtmsLocks";
  if (!CreateDirectoryW(system_name(directory).c_str(),
                        Security::everybody_may_add_files().attributes()) &&
      GetLastError() != ERROR_ALREADY_EXISTS) {
    return last_error(GetLastError(), "cannot create " + shown(directory),
                      ERROR_DEVICE_NOT_AVAILABLE);
  }
  return directory;
}

// "pid text" as written by write_holder(), made fit for a message; empty when nothing is there.
std::string read_holder(const fs::path& path) {
  const auto file = open_plain_file(path, GENERIC_READ, kShareAll, OPEN_EXISTING);
  if (!file) return {};
  std::array<char, kHolderTextLimit + 32> buffer{};
  DWORD length = 0;
  if (!ReadFile(file->get(), buffer.data(), static_cast<DWORD>(buffer.size()), &length, nullptr)) {
    return {};
  }
  const std::string_view text(buffer.data(), length);
  return printable(text.substr(0, text.find('\n')));
}

void write_holder(HANDLE file, std::string_view holder_text) {
  std::string shown_text = printable(holder_text);
  if (shown_text.size() > kHolderTextLimit) {
    std::size_t end = kHolderTextLimit;
    while (end > 0 && (static_cast<unsigned char>(shown_text[end]) & 0xC0) == 0x80) --end;
    shown_text.resize(end);
  }
  const std::string line = std::to_string(process_id()) + " " + shown_text + "\n";
  // Only words for people: the lock holds with or without them.
  if (!SetEndOfFile(file)) return;
  DWORD ignored = 0;
  WriteFile(file, line.data(), static_cast<DWORD>(line.size()), &ignored, nullptr);
}

Error busy(const fs::path& path) {
  std::string text = read_holder(path);
  const std::string pid = text.substr(0, text.find(' '));
  text.erase(0, pid.size());
  if (pid == std::to_string(process_id())) {
    return fail(ERROR_BUSY, "the device is held by this process already (process " + pid + ")");
  }
  return fail(ERROR_BUSY, "the device is held by process " + (pid.empty() ? "unknown" : pid) +
                              (text.size() > 1 ? " (" + text.substr(1) + ")" : std::string()) +
                              "; lock file " + shown(path));
}

}  // namespace

Result<DeviceLock> DeviceLock::acquire(std::string_view key, std::string_view holder_text) {
  const auto directory = lock_directory();
  if (!directory) return directory.error();
  const fs::path path = *directory / path_of(lock_file_name(key));
  auto file = open_plain_file(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, OPEN_ALWAYS, 0,
                              Security::everybody().attributes(), ERROR_DEVICE_NOT_AVAILABLE);
  if (!file && file.error().code == ERROR_SHARING_VIOLATION) return busy(path);
  if (!file) return file.error();
  write_holder(file->get(), holder_text);
  return DeviceLock(std::make_unique<Held>(std::move(*file)));
}

DeviceLock::DeviceLock(std::unique_ptr<Held> held) : held_(std::move(held)) {}
DeviceLock::DeviceLock(DeviceLock&& other) noexcept = default;
DeviceLock& DeviceLock::operator=(DeviceLock&& other) noexcept = default;
DeviceLock::~DeviceLock() = default;

}  // namespace ntms::platform
