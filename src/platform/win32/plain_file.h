// SPDX-License-Identifier: MIT
// Opening files that must not lead anywhere else. Inside the platform layer only.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "platform/win32/handle.h"
#include "platform/win32/last_error.h"
#include "platform/win32/wide.h"

namespace ntms::platform {

inline constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

// CreateFileW() on `path`, never through a symbolic link or another reparse point, never a
// directory or device. `flags` are added to those this takes.
// Errors: ERROR_ACCESS_DENIED for what is refused, else as last_error() with `otherwise`.
inline Result<Handle> open_plain_file(const std::filesystem::path& path, DWORD access, DWORD share,
                                      DWORD disposition, DWORD flags = 0,
                                      SECURITY_ATTRIBUTES* security = nullptr,
                                      std::uint32_t otherwise = ERROR_DATABASE_FAILURE) {
  Handle file(CreateFileW(system_name(path).c_str(), access, share, security, disposition,
                          FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT | flags, nullptr));
  if (!file) return last_error(GetLastError(), "cannot open " + shown(path), otherwise);
  constexpr DWORD kOther = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY;
  BY_HANDLE_FILE_INFORMATION info{};
  if (GetFileType(file.get()) != FILE_TYPE_DISK || !GetFileInformationByHandle(file.get(), &info) ||
      (info.dwFileAttributes & kOther) != 0) {
    return fail(ERROR_ACCESS_DENIED, shown(path) + " is not a plain file");
  }
  return file;
}

}  // namespace ntms::platform
