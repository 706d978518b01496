// SPDX-License-Identifier: MIT
#include "emulator/sense.h"

#include "scsi/bytes.h"

namespace ntms::emulator {

std::vector<std::uint8_t> Sense::encode() const {
  constexpr std::size_t kLength = 18;
  std::vector<std::uint8_t> bytes(kLength);
  bytes[0] = static_cast<std::uint8_t>(0x70 | (information ? 0x80 : 0));
  bytes[2] = static_cast<std::uint8_t>(key | (filemark ? 0x80 : 0) | (end_of_medium ? 0x40 : 0) |
                                       (incorrect_length ? 0x20 : 0));
  if (information) scsi::put_be32(bytes, 3, static_cast<std::uint32_t>(*information));
  bytes[7] = kLength - 8;
  bytes[12] = asc;
  bytes[13] = ascq;
  return bytes;
}

}  // namespace ntms::emulator
