// SPDX-License-Identifier: MIT
// Padded text fields.
#include "scsi/text.h"

namespace ntms::scsi {

std::string text_field(Bytes field) {
  std::string text;
  for (const std::uint8_t byte : field) {
    if (byte == 0) break;
    text.push_back(byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?');
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string hex_field(Bytes field) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(field.size() * 2);
  for (const std::uint8_t byte : field) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0x0F]);
  }
  return text;
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

}  // namespace ntms::scsi
