// SPDX-License-Identifier: MIT
// REPORT DENSITY SUPPORT (SSC-4 6.9): what a tape drive can write on the tape that is loaded.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "scsi/bytes.h"
#include "scsi/transport.h"

namespace ntms::scsi {

inline constexpr std::uint8_t kReportDensitySupport = 0x44;

// One density.
struct Density {
  std::uint8_t code = 0;       // primary density code
  bool writable = false;       // WRTOK
  bool is_default = false;     // DEFLT
  std::uint64_t capacity = 0;  // bytes without compression; 0: not told

  bool operator==(const Density&) const = default;
};

// The command. `media`: only the densities of the tape that is loaded.
Command report_density_support(bool media);

// The densities of a reply, as many as arrived whole. An error when it is shorter than its header.
// Pure.
Result<std::vector<Density>> parse_density_support(Bytes data);

}  // namespace ntms::scsi
