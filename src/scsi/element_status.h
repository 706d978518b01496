// SPDX-License-Identifier: MIT
// READ ELEMENT STATUS data (SMC-3 6.11): what is in the slots, ports, drives and arms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "scsi/bytes.h"
#include "scsi/element_type.h"
#include "scsi/inquiry.h"

namespace ntms::scsi {

// One element as the device reports it. Nothing is interpreted: some devices never set ACCESS,
// IMPEXP or the port bits, and what that means is decided above. Fields whose bytes did not arrive
// have their initial values.
struct ElementStatus {
  ElementType type = ElementType::storage;
  std::uint16_t address = 0;
  bool full = false;
  bool access = false;              // ACCESS: the arm can reach it
  bool except = false;              // EXCEPT: abnormal, see asc and ascq
  bool import_enabled = false;      // INENAB (ports)
  bool export_enabled = false;      // EXENAB (ports)
  bool placed_by_operator = false;  // IMPEXP (ports)
  std::uint8_t asc = 0;
  std::uint8_t ascq = 0;
  std::optional<std::uint16_t> source;  // element it was last moved from, when known (SVALID)
  bool inverted = false;                // INVERT: the medium was turned over
  std::string volume_tag;               // primary tag; empty: none
  std::string alternate_tag;            // alternate tag; empty: none
  // Drives of parallel SCSI libraries: the drive's bus address, and whether it is on another bus
  // than the changer.
  std::optional<std::uint8_t> scsi_id;
  std::optional<std::uint8_t> scsi_lun;
  bool other_bus = false;
  std::optional<DeviceIdentifier> device;  // drives, when asked for with DVCID and reported whole
};

// A whole reply.
struct ElementStatusReport {
  std::uint16_t first = 0;              // as reported; not reliable
  std::uint16_t count = 0;              // elements the device has to report, as reported
  std::uint32_t byte_count = 0;         // bytes it has to report after the header, as reported
  std::vector<ElementStatus> elements;  // in the order of the reply, every address once
  bool volume_tags = false;             // at least one page came with primary volume tags
  bool last_cut_short = false;          // the last of `elements` lacks its end
};

// Parses the bytes that really arrived. Steps by the descriptor length each page reports (longer
// ones than the standard's are normal), ignores what exceeds the announced length, takes what is
// there of a last descriptor that was cut short, skips pages of unknown element types, and keeps
// the first of several descriptors of one address.
// Errors (ERROR_INVALID_DATA): shorter than the 8-byte header; a page with descriptors whose
// reported length is 0 or cannot even hold an address and the flags.
// Pure; time and memory grow linearly with the data.
Result<ElementStatusReport> parse_element_status(Bytes data);

}  // namespace ntms::scsi
