// SPDX-License-Identifier: MIT
// The conversions that are the same on every system.
#include "platform/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "platform/utf8.h"

namespace ntms::platform {
namespace {

// How many bytes at the start of `text` are ASCII: a multiple of 8, so possibly too few.
std::size_t ascii_run(std::string_view text) {
  std::size_t n = 0;
  while (text.size() - n >= 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data() + n, sizeof block);
    if ((block & 0x8080808080808080u) != 0) break;
    n += 8;
  }
  return n;
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// Converts into `out` until the text or the room ends. The bytes and elements used.
struct Progress {
  std::size_t read = 0;
  std::size_t written = 0;
};

Progress convert(std::string_view utf8, char16_t* out, std::size_t room) {
  Progress at;
  while (at.read < utf8.size() && at.written < room) {
    const std::size_t run =
        std::min(ascii_run(utf8.substr(at.read, room - at.written)), room - at.written);
    for (std::size_t i = 0; i < run; ++i) {
      out[at.written + i] = static_cast<unsigned char>(utf8[at.read + i]);
    }
    at.read += run;
    at.written += run;
    if (at.read == utf8.size() || at.written == room) break;

    const Character next = first_character(utf8.substr(at.read));
    if (next.code < 0x10000) {
      out[at.written++] = static_cast<char16_t>(next.code);
    } else {
      if (room - at.written < 2) break;
      out[at.written++] = static_cast<char16_t>(0xD800 + ((next.code - 0x10000) >> 10));
      out[at.written++] = static_cast<char16_t>(0xDC00 + ((next.code - 0x10000) & 0x3FF));
    }
    at.read += next.length;
  }
  return at;
}

}  // namespace

std::u16string to_utf16(std::string_view utf8) {
  std::u16string out(utf8.size(), u'\0');  // no UTF-8 byte becomes more than one element
  out.resize(convert(utf8, out.data(), out.size()).written);
  return out;
}

std::string to_utf8(std::u16string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (std::size_t i = 0; i < utf16.size(); ++i) {
    char32_t code = utf16[i];
    if (code >= 0xD800 && code < 0xE000) {
      const bool paired =
          code < 0xDC00 && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
      code = paired ? 0x10000 + ((code - 0xD800) << 10) + (utf16[++i] - 0xDC00u) : kReplacement;
    }
    append_utf8(out, code);
  }
  return out;
}

bool copy_utf16(std::string_view utf8, char16_t* out, std::size_t capacity) {
  if (capacity == 0) return false;
  const Progress end = convert(utf8, out, capacity - 1);
  std::fill(out + end.written, out + capacity, u'\0');
  return end.read == utf8.size();
}

std::size_t bounded_length(const char16_t* text, std::size_t max) {
  if (text == nullptr) return 0;
  return static_cast<std::size_t>(std::find(text, text + max, u'\0') - text);
}

std::size_t bounded_length(const char* text, std::size_t max) {
  if (text == nullptr) return 0;
  return static_cast<std::size_t>(std::find(text, text + max, '\0') - text);
}

std::string printable(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_character(text);
    const bool control = next.code < 0x20 || (next.code >= 0x7F && next.code < 0xA0);
    for (const char c : text.substr(0, next.length)) {
      if (next.valid && !control) {
        out += c;
      } else {
        const auto byte = static_cast<std::uint8_t>(c);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
      }
    }
    text.remove_prefix(next.length);
  }
  return out;
}

}  // namespace ntms::platform
