// SPDX-License-Identifier: MIT
// Little-endian integers in what drivers of Windows are given and give back. (SCSI itself is
// big-endian: scsi/bytes.h.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ntms::transport {

// Reads 4 bytes at `at`. The caller guarantees that they are there.
inline std::uint32_t get_le32(std::span<const std::uint8_t> data, std::size_t at) {
  return data[at] | std::uint32_t{data[at + 1]} << 8 | std::uint32_t{data[at + 2]} << 16 |
         std::uint32_t{data[at + 3]} << 24;
}

// Writes the low 2 or 4 bytes of a value at `at`. The caller guarantees that there is room.
inline void put_le16(std::span<std::uint8_t> data, std::size_t at, std::size_t value) {
  data[at] = static_cast<std::uint8_t>(value);
  data[at + 1] = static_cast<std::uint8_t>(value >> 8);
}
inline void put_le32(std::span<std::uint8_t> data, std::size_t at, std::size_t value) {
  put_le16(data, at, value);
  put_le16(data, at + 2, value >> 16);
}

}  // namespace ntms::transport
