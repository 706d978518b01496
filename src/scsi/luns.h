// SPDX-License-Identifier: MIT
// REPORT LUNS (SPC-4 6.33): the logical units behind a target.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "scsi/bytes.h"

namespace ntms::scsi {

// The numbers of the units with single-level addresses (peripheral device or flat space
// addressing, SAM-5 4.7); others are left out. Reads no further than what arrived.
// Error (ERROR_INVALID_DATA): shorter than the 8-byte header.
Result<std::vector<std::uint16_t>> parse_report_luns(Bytes data);

}  // namespace ntms::scsi
