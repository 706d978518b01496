// SPDX-License-Identifier: MIT
#include "base/guid.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>

namespace ntms {
namespace {

// The text form shows Data1, Data2 and Data3 most significant byte first; in memory they are
// little-endian on every platform this library supports.
constexpr std::array<std::size_t, 16> kTextOrder = {3, 2, 1,  0,  5,  4,  7,  6,
                                                    8, 9, 10, 11, 12, 13, 14, 15};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Guid Guid::make() {
  boost::uuids::random_generator_pure generator;
  const boost::uuids::uuid uuid = generator();
  Guid guid;
  for (std::size_t i = 0; i < 16; ++i) guid.bytes[kTextOrder[i]] = uuid.data[i];
  return guid;
}

std::string Guid::to_string() const {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(32);
  for (const std::size_t i : kTextOrder) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

std::optional<Guid> Guid::parse(std::string_view text) {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  std::string digits;
  const bool hyphens = text.size() == 36;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = hyphens && (i == 8 || i == 13 || i == 18 || i == 23);
    if (place != (text[i] == '-')) return std::nullopt;
    if (!place) digits += text[i];
  }
  if (digits.size() != 32) return std::nullopt;
  Guid guid;
  for (std::size_t i = 0; i < 16; ++i) {
    const int high = hex_value(digits[2 * i]);
    const int low = hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    guid.bytes[kTextOrder[i]] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return guid;
}

}  // namespace ntms
