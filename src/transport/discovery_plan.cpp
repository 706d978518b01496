// SPDX-License-Identifier: MIT
#include "transport/discovery_plan.h"

#include <algorithm>

#include "scsi/commands.h"

namespace ntms::transport {
namespace {

bool is_same(const FoundDevice& a, const FoundDevice& b) {
  if (a.device_type != b.device_type) return false;
  if (a.address && a.address == b.address) return true;
  return !a.serial.empty() && a.serial == b.serial && a.vendor == b.vendor &&
         a.product == b.product;
}

// The devices of a type, each once.
std::vector<const FoundDevice*> devices_of(const std::vector<FoundDevice>& devices,
                                           std::uint8_t type) {
  std::vector<const FoundDevice*> kept;
  for (const FoundDevice& device : devices) {
    if (device.device_type != type) continue;
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const FoundDevice* other) {
      return is_same(*other, device);
    });
    if (!known) kept.push_back(&device);
  }
  return kept;
}

std::vector<std::string> drives_of(const std::vector<FoundDevice>& devices) {
  std::vector<std::string> uris;
  for (const FoundDevice* drive : devices_of(devices, scsi::kTypeTape)) uris.push_back(drive->uri);
  return uris;
}

}  // namespace

std::vector<FoundLibrary> plan_libraries(const std::vector<FoundDevice>& devices) {
  const auto changers = devices_of(devices, scsi::kTypeChanger);
  const auto drives = drives_of(devices);
  std::vector<FoundLibrary> libraries;
  libraries.reserve(changers.size());
  for (const FoundDevice* changer : changers) {
    libraries.push_back({changer->uri, changer->serial, drives, changers.size() == 1});
  }
  return libraries;
}

std::vector<FoundLibrary> plan_lone_drives(const std::vector<FoundDevice>& devices) {
  std::vector<FoundLibrary> libraries;
  if (!devices_of(devices, scsi::kTypeChanger).empty()) return libraries;
  for (const FoundDevice* drive : devices_of(devices, scsi::kTypeTape)) {
    libraries.push_back({drive->uri, drive->serial, {}, false});
  }
  return libraries;
}

FoundLibrary plan_library(const std::vector<FoundDevice>& devices, const std::string& changer) {
  const auto libraries = plan_libraries(devices);
  const auto found = std::find_if(libraries.begin(), libraries.end(),
                                  [&](const auto& library) { return library.changer == changer; });
  if (found != libraries.end()) return *found;
  return {changer, "", drives_of(devices), libraries.empty()};
}

}  // namespace ntms::transport
