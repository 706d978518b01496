// SPDX-License-Identifier: MIT
// What Linux tells of its SCSI units in sysfs, without a command to any of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "transport/discovery.h"
#include "transport/sg_uri.h"

namespace ntms::transport {

// Where sysfs and the device nodes are; elsewhere in tests only.
struct SgPlaces {
  std::filesystem::path sysfs = "/sys";
  std::filesystem::path dev = "/dev";
};

// A unit with an sg node. What sysfs does not tell is empty.
struct SgUnit {
  std::string node;  // "sg3"
  std::uint8_t device_type = 0x1F;
  std::string vendor;
  std::string product;
  std::string serial;                 // unit serial number, page 80h
  std::optional<BusAddress> address;  // host, channel, target, LUN
  std::string state;  // as the kernel calls it: "running", "blocked", "offline", ...
  std::string tape;   // "nst0", the node of a tape drive that does not rewind

  // Whether the kernel sends it commands.
  bool running() const { return state.empty() || state == "running"; }

  bool operator==(const SgUnit&) const = default;
};

// All units in the order of their numbers; none without the sg driver. Any thread.
std::vector<SgUnit> list_sg_units(const SgPlaces& places);

// Which nodes there are, and where their units are: a text that changes when one comes or goes.
// Costs much less than the list. Any thread.
std::string glimpse_of_sg_units(const SgPlaces& places);

// The units that a URI names, in the order in which to try them: those with the serial number, by
// whatever path, running ones first; or the one of the named node.
// Errors: ERROR_DEVICE_NOT_AVAILABLE when there is none, or units of different make have the serial
// number. Any thread.
Result<std::vector<SgUnit>> find_sg_units(const SgPlaces& places, const SgUri& uri);

// What an application opens to read and write: the node of a tape drive that does not rewind
// ("/dev/nst0"), for other units the sg node. The URI itself when the unit is not there.
std::string sg_device_name(const SgPlaces& places, const SgUri& uri);

// Whether both URIs name a unit that is there, and the same one, be it by different paths.
bool is_same_sg_unit(const SgPlaces& places, const SgUri& a, const SgUri& b);

// Where a unit is on a bus of parallel SCSI; nothing when the kernel drives its adapter as another
// kind, or it is not there.
std::optional<BusAddress> parallel_bus_address(const SgPlaces& places, const SgUri& uri);

}  // namespace ntms::transport
