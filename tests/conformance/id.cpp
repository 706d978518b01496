// SPDX-License-Identifier: MIT
#include "conformance/id.h"

#include <array>
#include <cstdio>
#include <ostream>

namespace ntms::conformance {

std::string Id::hex() const {
  std::array<unsigned char, sizeof(NTMS_GUID)> bytes{};
  std::memcpy(bytes.data(), &guid, sizeof guid);
  std::string result;
  for (const unsigned byte : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02X", byte);
    result += digits.data();
  }
  return result;
}

void PrintTo(const Id& id, std::ostream* out) {
  *out << id.hex();
}

Id parse_id(std::string_view hex) {
  if (hex.size() != 2 * sizeof(NTMS_GUID)) return {};
  std::array<unsigned char, sizeof(NTMS_GUID)> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] =
        static_cast<unsigned char>(std::stoul(std::string(hex.substr(2 * i, 2)), nullptr, 16));
  }
  Id id;
  std::memcpy(&id.guid, bytes.data(), sizeof id.guid);
  return id;
}

Id stranger() {
  return parse_id("0123456789ABCDEF0123456789ABCDEF");
}

std::string text(const WCHAR* characters) {
  std::string result;
  for (; *characters != 0; ++characters) {
    const auto unit = static_cast<unsigned>(*characters);
    if (unit < 0x80) {
      result += static_cast<char>(unit);
    } else if (unit < 0x800) {
      result += static_cast<char>(0xC0 | (unit >> 6));
      result += static_cast<char>(0x80 | (unit & 0x3F));
    } else {
      result += static_cast<char>(0xE0 | (unit >> 12));
      result += static_cast<char>(0x80 | ((unit >> 6) & 0x3F));
      result += static_cast<char>(0x80 | (unit & 0x3F));
    }
  }
  return result;
}

}  // namespace ntms::conformance
