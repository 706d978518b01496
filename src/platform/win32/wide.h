// SPDX-License-Identifier: MIT
// Between UTF-8 and the wide strings that Windows takes. Inside the platform layer only. All
// functions may be called from any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ntms::platform {

// UTF-8 to UTF-16 and back; invalid parts become U+FFFD as in text.h.
std::wstring to_wide(std::string_view utf8);
std::string from_wide(std::wstring_view wide);

// A path from UTF-8, whatever the ANSI code page is.
std::filesystem::path path_of(std::string_view utf8);

// A path for a message, in UTF-8.
std::string shown(const std::filesystem::path& path);

// Whether the path has the prefix "\\?\" or "\\.\" already. The standard library does not know
// the prefixes: such a path can be appended to and cut, but not be made absolute or normal.
bool has_prefix(const std::filesystem::path& path);

// The name by which Windows finds `path` also when it is longer than 260 characters: absolute, with
// backslashes only and behind the prefix "\\?\". A path that cannot be made absolute stays as it
// is.
std::wstring system_name(const std::filesystem::path& path);

}  // namespace ntms::platform
