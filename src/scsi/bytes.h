// SPDX-License-Identifier: MIT
// Big-endian integers in SCSI data, read and written explicitly: no bit-fields, no casts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ntms::scsi {

using Bytes = std::span<const std::uint8_t>;

// Reads 2, 3 or 4 bytes at `at`. The caller guarantees that they are there.
inline std::uint16_t get_be16(Bytes data, std::size_t at) {
  return static_cast<std::uint16_t>(data[at] << 8 | data[at + 1]);
}
inline std::uint32_t get_be24(Bytes data, std::size_t at) {
  return static_cast<std::uint32_t>(data[at]) << 16 | get_be16(data, at + 1);
}
inline std::uint32_t get_be32(Bytes data, std::size_t at) {
  return static_cast<std::uint32_t>(get_be16(data, at)) << 16 | get_be16(data, at + 2);
}

// Writes 2, 3 or 4 bytes at `at`. The caller guarantees that there is room.
inline void put_be16(std::span<std::uint8_t> data, std::size_t at, std::uint32_t value) {
  data[at] = static_cast<std::uint8_t>(value >> 8);
  data[at + 1] = static_cast<std::uint8_t>(value);
}
inline void put_be24(std::span<std::uint8_t> data, std::size_t at, std::uint32_t value) {
  data[at] = static_cast<std::uint8_t>(value >> 16);
  put_be16(data, at + 1, value);
}
inline void put_be32(std::span<std::uint8_t> data, std::size_t at, std::uint32_t value) {
  put_be16(data, at, value >> 16);
  put_be16(data, at + 2, value);
}

}  // namespace ntms::scsi
