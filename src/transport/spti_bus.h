// SPDX-License-Identifier: MIT
// What Windows' drivers tell of the bus that a device is on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "transport/discovery.h"
#include "transport/spti_control.h"
#include "transport/spti_uri.h"

namespace ntms::transport {

// BusType of STORAGE_ADAPTER_DESCRIPTOR (ntddstor.h): where it is, and its value BusTypeScsi.
inline constexpr std::size_t kBusTypeAt = 24;
inline constexpr std::uint8_t kBusTypeScsi = 1;

// Asks an open device's driver for its address (IOCTL_SCSI_GET_ADDRESS); nothing when it does not
// tell.
std::optional<BusAddress> ask_bus_address(SptiControl& control);

// Where a device is on a bus of parallel SCSI; nothing when its adapter is of another kind
// (BusType of STORAGE_ADAPTER_DESCRIPTOR), or its driver does not tell. Opens the device to ask its
// driver, which is in nobody's way, and closes it.
std::optional<BusAddress> parallel_bus_address(SptiControl& control, const SptiUri& uri);

}  // namespace ntms::transport
