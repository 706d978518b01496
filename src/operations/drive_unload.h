// SPDX-License-Identifier: MIT
// Making a drive give up its cartridge.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

// Unloads the drive at this element, waits until the arm can reach the cartridge, and heeds what
// the drive reports. Nothing happens when the drive is not reached by itself: then the robot may
// try. False when the drive refused or failed, which is logged and recorded.
//   holds_arm   whether the caller holds the arm; else it is held for looks only
boost::asio::awaitable<bool> unload_drive(LibraryContext& context, std::uint16_t element,
                                          bool holds_arm);

}  // namespace ntms::operations
