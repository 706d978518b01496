// SPDX-License-Identifier: MIT
// One character of UTF-8 at a time. Inside the platform layer only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ntms::platform {

inline constexpr char32_t kReplacement = 0xFFFD;

// One character found at the start of a text.
struct Character {
  char32_t code = kReplacement;
  std::size_t length = 1;  // bytes it takes, at least 1
  bool valid = false;      // false: `length` bytes are a maximal invalid part, `code` is U+FFFD
};

// Reads the first character of `text`, which must not be empty (Unicode Standard, table 3-7).
inline Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};

  const std::size_t needed = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range is what excludes overlong forms, surrogates and codes past U+10FFFF.
  const std::uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t code = lead & (0x7Fu >> needed);
  for (std::size_t i = 1; i < needed; ++i) {
    if (i >= text.size()) return {kReplacement, i, false};
    const std::uint8_t next = byte(i);
    const bool fits = i == 1 ? next >= lowest && next <= highest : next >= 0x80 && next <= 0xBF;
    if (!fits) return {kReplacement, i, false};
    code = code << 6 | (next & 0x3Fu);
  }
  return {code, needed, true};
}

}  // namespace ntms::platform
