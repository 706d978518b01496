// SPDX-License-Identifier: MIT
// Texts and identifiers of callers as values of our own, in either character set: WCHAR is UTF-16,
// char the ANSI code page.
#pragma once

#include <ntmsapi.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/guid.h"
#include "platform/text.h"

namespace ntms::abi {

// The first `length` characters as UTF-8.
inline std::string to_utf8(const WCHAR* text, std::size_t length) {
  return platform::to_utf8({reinterpret_cast<const char16_t*>(text), length});
}
inline std::string to_utf8(const char* text, std::size_t length) {
  return platform::from_ansi(text, length);
}

// The number of characters before the NUL, at most `most`.
inline std::size_t bounded_length(const WCHAR* text, std::size_t most) {
  return platform::bounded_length(reinterpret_cast<const char16_t*>(text), most);
}
inline std::size_t bounded_length(const char* text, std::size_t most) {
  return platform::bounded_length(text, most);
}

// UTF-8 in the character set of the caller.
template <class Character>
auto from_utf8(const std::string& text) {
  if constexpr (sizeof(Character) == sizeof(char)) {
    return platform::to_ansi(text);
  } else {
    return platform::to_utf16(text);
  }
}

// A text in a member of a caller's structure, read up to the end of its array at most.
// Error: ERROR_INVALID_PARAMETER when it is not terminated there; `member` is its name.
template <class Character, std::size_t N>
Result<std::string> text_of(const Character (&text)[N], const char* member) {
  const std::size_t length = bounded_length(text, N);
  if (length == N) {
    return fail(ERROR_INVALID_PARAMETER, std::string(member) + " is not terminated");
  }
  return to_utf8(text, length);
}

// An identifier in a member of a caller's structure.
inline Guid guid_of(const GUID& id) {
  Guid guid;
  std::memcpy(guid.bytes.data(), &id, sizeof id);
  return guid;
}

}  // namespace ntms::abi
