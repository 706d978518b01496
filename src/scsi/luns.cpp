// SPDX-License-Identifier: MIT
// The list of logical units.
#include "scsi/luns.h"

#include <algorithm>

#include "scsi/malformed.h"

namespace ntms::scsi {

Result<std::vector<std::uint16_t>> parse_report_luns(Bytes data) {
  constexpr std::size_t kHeader = 8;
  constexpr std::size_t kEntry = 8;
  if (data.size() < kHeader) return malformed("REPORT LUNS reply shorter than its header");
  const std::size_t end = std::min<std::size_t>(data.size(), kHeader + get_be32(data, 0));
  std::vector<std::uint16_t> luns;
  for (std::size_t at = kHeader; at + kEntry <= end; at += kEntry) {
    const std::uint8_t method = data[at] >> 6;
    if (method == 0 && (data[at] & 0x3F) == 0) {
      luns.push_back(data[at + 1]);
    } else if (method == 1) {
      luns.push_back(get_be16(data, at) & 0x3FFF);
    }
  }
  return luns;
}

}  // namespace ntms::scsi
