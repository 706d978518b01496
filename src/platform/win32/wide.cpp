// SPDX-License-Identifier: MIT
#include "platform/win32/wide.h"

#include <system_error>

#include "platform/text.h"

namespace ntms::platform {

static_assert(sizeof(wchar_t) == sizeof(char16_t));

std::wstring to_wide(std::string_view utf8) {
  const std::u16string utf16 = to_utf16(utf8);
  return std::wstring(utf16.begin(), utf16.end());
}

std::string from_wide(std::wstring_view wide) {
  return to_utf8(std::u16string(wide.begin(), wide.end()));
}

std::filesystem::path path_of(std::string_view utf8) {
  return to_wide(utf8);
}

std::string shown(const std::filesystem::path& path) {
  return from_wide(path.native());
}

bool has_prefix(const std::filesystem::path& path) {
  return path.native().starts_with(L"\\\\?\\") || path.native().starts_with(L"\\\\.\\");
}

std::wstring system_name(const std::filesystem::path& path) {
  if (has_prefix(path)) return path.native();
  std::error_code error;
  std::filesystem::path full = std::filesystem::absolute(path, error);
  if (error) return path.native();
  full = full.lexically_normal();
  full.make_preferred();
  const std::wstring& name = full.native();
  if (name.starts_with(L"\\\\")) return L"\\\\?\\UNC\\" + name.substr(2);
  return L"\\\\?\\" + name;
}

}  // namespace ntms::platform
