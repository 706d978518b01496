// SPDX-License-Identifier: MIT
// Which libraries the devices that were found make. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "transport/discovery.h"

namespace ntms::transport {

// One library: a changer, and the drives among which its own are; or a drive that stands alone.
struct FoundLibrary {
  std::string changer;              // its URI, or that of the drive
  std::string serial;               // the changer's or the drive's; empty: unknown
  std::vector<std::string> drives;  // theirs; which of them are its own, the changer tells
  // No other changer was found, so that a drive which the changer does not name may be its own.
  bool alone = false;

  bool operator==(const FoundLibrary&) const = default;
};

// Devices that are one and the same, by their address or by vendor, product and serial number, are
// counted once, under the name that comes first; so is a drive that is reached by two paths. What
// is neither changer nor tape drive is left out. The order is that of `devices`.
std::vector<FoundLibrary> plan_libraries(const std::vector<FoundDevice>& devices);

// The drives that stand alone, each as a library, when no changer was found: with one, only that
// can tell which drives are not its own.
std::vector<FoundLibrary> plan_lone_drives(const std::vector<FoundDevice>& devices);

// The library of one changer: that of the plan, or when the changer is not in it, one with all the
// drives found.
FoundLibrary plan_library(const std::vector<FoundDevice>& devices, const std::string& changer);

}  // namespace ntms::transport
