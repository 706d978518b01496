// SPDX-License-Identifier: MIT
// TapeAlert: what a tape drive or a library has to tell about itself and its media (SSC-4 8.2.3).
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

#include "scsi/bytes.h"

namespace ntms::scsi {

inline constexpr std::uint8_t kTapeAlertPage = 0x2E;

// Flags by their numbers, which count from 1.
inline constexpr std::size_t kTapeAlertFlags = 64;
using TapeAlerts = std::bitset<kTapeAlertFlags + 1>;

// Those of tape drives that are about cleaning (SSC-4 table of TapeAlert flags).
inline constexpr std::size_t kAlertCleanNow = 20;
inline constexpr std::size_t kAlertCleanPeriodic = 21;
inline constexpr std::size_t kAlertCleanerSpent = 22;
inline constexpr std::size_t kAlertNoCleaner = 23;  // what was loaded to clean cannot

// The flags that a TapeAlert log page has set; of a page that is cut off those in the part that
// came, of anything else none. Pure.
TapeAlerts parse_tape_alerts(Bytes page);

}  // namespace ntms::scsi
