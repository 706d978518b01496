// SPDX-License-Identifier: MIT
// Whether the arm can reach what is in a drive.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

// Waits until the changer shows the drive at this element, which has been unloaded, within reach of
// the arm (ACCESS): some do so only a while after the unload, and refuse a move until then. Looks
// at it up to twenty times, as far apart as the transport's poll interval (a second); not at all if
// the changer shows no drive and no slot within reach, as some never do. The move that follows
// tells. `holds_arm`: the caller holds the arm; else it is held only for each look. Used on the
// engine's thread only.
boost::asio::awaitable<void> wait_for_access(LibraryContext& context, std::uint16_t element,
                                             bool holds_arm);

}  // namespace ntms::operations
