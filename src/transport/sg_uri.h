// SPDX-License-Identifier: MIT
// The names of devices that Linux' SCSI generic driver reaches:
//   sg:/dev/NODE          NODE: sgN; or schN, stN, nstN, or a link to one of them, for whose unit
//                         the sg node is looked up
//   sg:changer=SERIAL     the changer with this unit serial number, wherever it is now
//   sg:tape=SERIAL        the tape drive, likewise
// The kernel numbers nodes as it meets the devices, so that after a restart another device may be
// behind a node; serial numbers stay. Pure functions: no I/O, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ntms::transport {

// One unit: by its node, or by its type and serial number.
struct SgUri {
  std::string path;              // absolute; empty when the serial number tells
  std::uint8_t device_type = 0;  // scsi::kTypeChanger or scsi::kTypeTape, with a serial number
  std::string serial;            // 1 to 252 characters, no blanks

  bool operator==(const SgUri&) const = default;
};

// Whether a serial number can be written in a URI, where blanks and control characters cannot.
bool fits_sg_uri(std::string_view serial);

// Takes a URI apart. ERROR_INVALID_PARAMETER with the reason when it is not of a form above.
Result<SgUri> parse_sg_uri(std::string_view uri);

// The canonical text, which parses back to an equal value.
std::string format_uri(const SgUri& uri);

}  // namespace ntms::transport
