// SPDX-License-Identifier: MIT
// What every transport checks before it hands a command to its device.
#pragma once

#include <string>

#include "scsi/transport.h"

namespace ntms::transport {

// The most data one command carries in either direction, far above what changers and tape blocks
// need, and within what the interfaces below can express.
inline constexpr std::size_t kMaxTransfer = 16U << 20U;

// Why `command` cannot be sent at all, in words; empty when it can. Any thread.
std::string reason_not_to_send(const scsi::Command& command);

// A reply that says that the command did not reach the device.
scsi::Reply not_sent(std::string detail);

}  // namespace ntms::transport
