// SPDX-License-Identifier: MIT
// Outside Windows the "ANSI code page" is UTF-8, whatever the locale: the encoding of a stored name
// must not depend on the environment of the program that happens to read it.
#include <algorithm>
#include <cstring>

#include "platform/text.h"
#include "platform/utf8.h"

namespace ntms::platform {
namespace {

constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

// The bytes that stand for the first character of `text`.
std::string_view valid_bytes(std::string_view text, const Character& character) {
  return character.valid ? text.substr(0, character.length) : kReplacementBytes;
}

}  // namespace

std::string to_ansi(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character next = first_character(utf8);
    out += valid_bytes(utf8, next);
    utf8.remove_prefix(next.length);
  }
  return out;
}

std::string from_ansi(const char* text, std::size_t length) {
  return length == 0 ? std::string() : to_ansi({text, length});
}

bool copy_ansi(std::string_view utf8, char* out, std::size_t capacity) {
  if (capacity == 0) return false;
  std::size_t written = 0;
  while (!utf8.empty()) {
    const Character next = first_character(utf8);
    const std::string_view bytes = valid_bytes(utf8, next);
    if (bytes.size() > capacity - 1 - written) break;
    std::memcpy(out + written, bytes.data(), bytes.size());
    written += bytes.size();
    utf8.remove_prefix(next.length);
  }
  std::fill(out + written, out + capacity, '\0');
  return utf8.empty();
}

}  // namespace ntms::platform
