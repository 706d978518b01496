// SPDX-License-Identifier: MIT
// The 128-bit identifier of every object, as plain bytes.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ntms {

// A GUID in the memory order of the Win32 GUID structure (Data1..Data3 in host byte order).
// The all-zero value means "none".
struct Guid {
  std::array<std::uint8_t, 16> bytes{};

  bool is_null() const { return bytes == std::array<std::uint8_t, 16>{}; }
  auto operator<=>(const Guid&) const = default;  // NOLINT(modernize-use-nullptr): no pointer

  // A new random (version 4) identifier. Throws std::system_error when the system has no entropy.
  static Guid make();

  // 32 upper-case hex digits without hyphens or braces (the form the rsm command prints).
  std::string to_string() const;

  // Accepts 32 hex digits, with or without hyphens and braces, in either case.
  static std::optional<Guid> parse(std::string_view text);
};

}  // namespace ntms

template <>
struct std::hash<ntms::Guid> {
  std::size_t operator()(const ntms::Guid& guid) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, guid.bytes.data(), sizeof h);  // the bits are random: any of them will do
    return h;
  }
};
