// SPDX-License-Identifier: MIT
// The ANSI code page by the system's conversions.
#include <algorithm>
#include <array>
#include <cstring>

#include "ntms/win32_types.h"
#include "platform/text.h"
#include "platform/utf8.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

// The bytes in the code page for the first character of `utf8`, none of them NUL unless it is one;
// what the page does not have becomes its default character.
struct AnsiCharacter {
  std::array<char, 8> bytes{};
  std::size_t length = 0;
};

AnsiCharacter ansi_of(std::string_view utf8, const Character& character) {
  static constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";
  const std::wstring wide =
      to_wide(character.valid ? utf8.substr(0, character.length) : kReplacementBytes);
  AnsiCharacter out;
  const int length =
      WideCharToMultiByte(CP_ACP, 0, wide.data(), static_cast<int>(wide.size()), out.bytes.data(),
                          static_cast<int>(out.bytes.size()), nullptr, nullptr);
  if (length > 0) {
    out.length = static_cast<std::size_t>(length);
  } else {
    out.bytes[0] = '?';
    out.length = 1;
  }
  return out;
}

}  // namespace

std::string to_ansi(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character next = first_character(utf8);
    const AnsiCharacter ansi = ansi_of(utf8, next);
    out.append(ansi.bytes.data(), ansi.length);
    utf8.remove_prefix(next.length);
  }
  return out;
}

std::string from_ansi(const char* text, std::size_t length) {
  // Windows counts in int; no name is that long.
  const int size = static_cast<int>(std::min<std::size_t>(length, 0x7FFFFFFF));
  if (size == 0) return {};
  std::wstring wide(
      static_cast<std::size_t>(MultiByteToWideChar(CP_ACP, 0, text, size, nullptr, 0)), L'\0');
  MultiByteToWideChar(CP_ACP, 0, text, size, wide.data(), static_cast<int>(wide.size()));
  return from_wide(wide);
}

bool copy_ansi(std::string_view utf8, char* out, std::size_t capacity) {
  if (capacity == 0) return false;
  std::size_t written = 0;
  while (!utf8.empty()) {
    const Character next = first_character(utf8);
    const AnsiCharacter ansi = ansi_of(utf8, next);
    if (ansi.length > capacity - 1 - written) break;
    std::memcpy(out + written, ansi.bytes.data(), ansi.length);
    written += ansi.length;
    utf8.remove_prefix(next.length);
  }
  std::fill(out + written, out + capacity, '\0');
  return utf8.empty();
}

}  // namespace ntms::platform
