// SPDX-License-Identifier: MIT
// The names of devices that Windows' SCSI pass-through reaches:
//   spti:\\.\ChangerN                    a changer that its class driver has claimed
//   spti:\\.\TapeN                       a tape drive, likewise
//   spti:\\.\ScsiN:PATH:TARGET:LUN       a unit behind a port driver that no class driver has
//   claimed
// Pure functions: no I/O, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ntms::transport {

// Where a unit is behind its port driver. A device of a class driver has its address there.
struct SptiAddress {
  std::uint8_t path = 0;
  std::uint8_t target = 0;
  std::uint8_t lun = 0;

  bool operator==(const SptiAddress&) const = default;
};

// Whose device object is opened.
enum class SptiClass { changer, tape, port };

// One unit.
struct SptiUri {
  SptiClass device_class = SptiClass::changer;
  unsigned number = 0;  // of the device object, at most kMaxSptiNumber
  SptiAddress address;  // of units behind a port only

  bool operator==(const SptiUri&) const = default;
};

inline constexpr unsigned kMaxSptiNumber = 9999;

// Takes a URI apart; the names of the devices may be in capitals or small letters, as on Windows.
// ERROR_INVALID_PARAMETER with the reason when it is not of a form above.
Result<SptiUri> parse_spti_uri(std::string_view uri);

// The canonical text, which parses back to an equal value.
std::string format_uri(const SptiUri& uri);

// What CreateFile takes: "\\.\Changer0", "\\.\Tape1", "\\.\Scsi2:".
std::string spti_device_name(const SptiUri& uri);

}  // namespace ntms::transport
