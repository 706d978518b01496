// SPDX-License-Identifier: MIT
// TapeAlert: what a tape drive or a library has to tell about itself and its media (SSC-4 8.2.3).
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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

// What follows from a flag of a tape drive.
enum class TapeAlertNeed {
  nothing,   // good to know
  cleaning,  // the drive is to be cleaned, or what was put in to clean it cannot
  person,    // somebody must see to the drive or the cartridge
};

// One flag of a tape drive (SSC-4, table of TapeAlert flags).
struct TapeAlertMeaning {
  std::string_view words;  // what it says, as the end of "the drive reports: ..."
  TapeAlertNeed need = TapeAlertNeed::nothing;
};

// The meaning of a flag, 1 to kTapeAlertFlags; one whose number means nothing has no words. Pure.
TapeAlertMeaning tape_alert_meaning(std::size_t flag);

// The flags of a need as "TapeAlert 4, the cartridge is faulty; TapeAlert 6, ..."; empty: none of
// them is set. Pure.
std::string describe(const TapeAlerts& alerts, TapeAlertNeed need);

// The flags that a TapeAlert log page has set; of a page that is cut off those in the part that
// came, of anything else none. Pure.
TapeAlerts parse_tape_alerts(Bytes page);

}  // namespace ntms::scsi
