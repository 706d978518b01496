// SPDX-License-Identifier: MIT
// Which drive is behind which data transfer element.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/identity.h"
#include "scsi/element_status.h"

namespace ntms::device {

// Where a drive is on the parallel SCSI bus that the changer is on, too.
struct BusPlace {
  unsigned id = 0;  // its SCSI ID
  unsigned lun = 0;
};

// A drive that may belong to the changer.
struct DriveCandidate {
  std::string uri;
  Identity identity;
  std::vector<scsi::DeviceIdentifier> designators;
  std::optional<BusPlace> place;  // nothing on every other kind of bus
  // The element that the configuration names for it.
  std::optional<std::uint16_t> configured_element;
};

// What was found for one element.
struct DriveMatch {
  std::optional<std::size_t> drive;  // index into the candidates
  std::string reason;                // why this one, or why none
};

// Matches data transfer elements with drives; the result has one entry per element, in their order.
// In this order, and only when it points to exactly one drive that no other element claims
// (hardware-notes 2.1):
//  1. the element's identifier names the drive's serial number (alone, as the third part of the T10
//     form "vendor  product  serial", or somewhere in it) or equals one of its designators;
//  2. the element tells the SCSI ID (and LUN) of its drive on the changer's own parallel bus;
//  3. the configuration names the drive for this element;
//  4. unless `by_elimination` is false because the drives may belong to other libraries: one
//  element
//     and one drive are left, and what they say of themselves does not contradict.
// Anything else stays unmapped: a wrong drive would mean reading and writing the wrong cartridge.
// Pure.
std::vector<DriveMatch> map_drives(std::span<const scsi::ElementStatus> elements,
                                   std::span<const DriveCandidate> candidates,
                                   bool by_elimination = true);

}  // namespace ntms::device
