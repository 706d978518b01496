// SPDX-License-Identifier: MIT
#include "platform/win32/last_error.h"

#include <array>

#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

std::uint32_t library_code(std::uint32_t error, std::uint32_t otherwise) {
  switch (error) {
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT:
    case ERROR_PRIVILEGE_NOT_HELD:
    case ERROR_CANT_ACCESS_FILE:
      return ERROR_ACCESS_DENIED;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE:
      return ERROR_SHARING_VIOLATION;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_COMMITMENT_LIMIT:
    case WSAENOBUFS:
    case WSAEMFILE:
      return ERROR_NOT_ENOUGH_MEMORY;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return ERROR_DATABASE_FULL;
    default:
      return otherwise;
  }
}

}  // namespace

std::string words_of(std::uint32_t error) {
  std::array<wchar_t, 512> words{};
  const DWORD length = FormatMessageW(
      FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
      nullptr, error, 0, words.data(), static_cast<DWORD>(words.size()), nullptr);
  std::string text = from_wide(std::wstring_view(words.data(), length));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() ? "error " + std::to_string(error) : text;
}

Error last_error(std::uint32_t error, const std::string& what, std::uint32_t otherwise) {
  return fail(library_code(error, otherwise), what + ": " + words_of(error));
}

}  // namespace ntms::platform
