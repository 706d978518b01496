// SPDX-License-Identifier: MIT
// Text in its three encodings: UTF-8 inside the library and in the database, UTF-16 in the W
// structures, the ANSI code page in the A structures (UTF-8 outside Windows).
// All functions are pure and may be called from any thread. Invalid input never fails: every
// maximal invalid part becomes U+FFFD, as the Unicode Standard recommends (chapter 3.9).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ntms::platform {

// UTF-8 to UTF-16 in host byte order.
std::u16string to_utf16(std::string_view utf8);

// UTF-16 to UTF-8; a surrogate without its partner becomes U+FFFD.
std::string to_utf8(std::u16string_view utf16);

// `length` bytes in the ANSI code page to UTF-8. `text` may be null when `length` is 0.
std::string from_ansi(const char* text, std::size_t length);

// UTF-8 to the ANSI code page; where that is UTF-8, only invalid bytes change.
std::string to_ansi(std::string_view utf8);

// Fills a fixed field of `capacity` elements: the text, a NUL, and zeros to the end. Text that does
// not fit is cut before the first character that has no room, never inside one.
// Returns false when the text was cut, or when `capacity` is 0 (then nothing is written).
bool copy_utf16(std::string_view utf8, char16_t* out, std::size_t capacity);
bool copy_ansi(std::string_view utf8, char* out, std::size_t capacity);

// The number of elements before the first NUL, at most `max`: for fixed fields that a caller may
// have left unterminated. A null pointer has length 0.
std::size_t bounded_length(const char16_t* text, std::size_t max);
std::size_t bounded_length(const char* text, std::size_t max);

// For logs of what a device or another process wrote: control characters (C0, DEL and C1) and
// invalid bytes appear as \xNN, one per byte; everything else stays as it is.
std::string printable(std::string_view text);

}  // namespace ntms::platform
