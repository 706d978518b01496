// SPDX-License-Identifier: MIT
#include "scsi/density.h"

#include <algorithm>

#include "scsi/malformed.h"

namespace ntms::scsi {

Command report_density_support(bool media) {
  constexpr std::size_t kRoom = 4096;  // about 80 densities
  Command command;
  command.cdb.length = 10;
  command.cdb.bytes[0] = kReportDensitySupport;
  command.cdb.bytes[1] = media ? 0x01 : 0x00;
  put_be16(command.cdb.bytes, 7, kRoom);
  command.data_in_length = kRoom;
  return command;
}

Result<std::vector<Density>> parse_density_support(Bytes data) {
  constexpr std::size_t kHeader = 4;
  constexpr std::size_t kDescriptor = 52;
  constexpr std::uint64_t kUnit = 1'000'000;  // of the capacity, bytes
  if (data.size() < kHeader) return malformed("REPORT DENSITY SUPPORT shorter than its header");
  // The length field does not count itself.
  const std::size_t end = std::min(data.size(), std::size_t{get_be16(data, 0)} + 2);
  std::vector<Density> densities;
  for (std::size_t at = kHeader; at + kDescriptor <= end;) {
    Density density;
    density.code = data[at];
    density.writable = (data[at + 2] & 0x80) != 0;
    density.is_default = (data[at + 2] & 0x20) != 0;
    density.capacity = get_be32(data, at + 12) * kUnit;
    densities.push_back(density);
    // With DLV the descriptor says how many bytes follow its first five.
    const bool has_length = (data[at + 2] & 0x01) != 0;
    const std::size_t length = has_length ? get_be16(data, at + 3) + std::size_t{5} : kDescriptor;
    at += std::max(length, kDescriptor);
  }
  return densities;
}

}  // namespace ntms::scsi
