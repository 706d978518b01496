// SPDX-License-Identifier: MIT
// Who a device says it is.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "device/commander.h"
#include "scsi/inquiry.h"

namespace ntms::device {

// All trimmed; `serial` is empty when the device has none.
struct Identity {
  std::string vendor;
  std::string product;
  std::string revision;
  std::string serial;

  bool operator==(const Identity&) const = default;
};

// Everything the INQUIRY command tells.
struct DeviceFacts {
  std::uint8_t device_type = 0;  // scsi::kTypeTape, scsi::kTypeChanger, ...
  Identity identity;
  std::vector<scsi::DeviceIdentifier> designators;  // page 83h; empty when the device has none
};

// Asks a device who it is: INQUIRY, then pages 80h and 83h, either of which it may refuse.
// Errors: ERROR_DEVICE_NOT_AVAILABLE when nothing is connected or answers, and what the Commander
// reports.
boost::asio::awaitable<Result<DeviceFacts>> identify(Commander& commander);

}  // namespace ntms::device
