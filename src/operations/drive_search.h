// SPDX-License-Identifier: MIT
// Finding the drives among which those of a library are; which bay each of them is in, the changer
// tells (device/drive_mapping.h).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "device/drive.h"
#include "device/drive_mapping.h"
#include "operations/configure.h"
#include "operations/library_context.h"

namespace ntms::operations {

struct FoundDrives {
  std::vector<std::unique_ptr<device::Drive>> drives;  // tape drives that have said who they are
  // What else is known of each: the same order.
  std::vector<device::DriveCandidate> candidates;
  bool by_elimination = true;  // one that is left over may be taken for the library's own
};

// The drives that the setting names; without any, the other units of the changer's target where it
// has such; else those that the system knows of. Drives that do not answer are left out and logged.
boost::asio::awaitable<FoundDrives> find_drives(LibraryContext& context,
                                                const DeviceSetting& setting);

}  // namespace ntms::operations
