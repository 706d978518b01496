// SPDX-License-Identifier: MIT
// A library that somebody has opened, asked for or not, or paused: the robot stands still until it
// is closed or goes on (contract: functions-library-control 3, concepts 10).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Looks whether the robot may move: false while a door is open, a magazine is out, or the library
// is not ready for longer than a moment (02/04/xx; libraries that are paused answer 02/04/85). The
// result is kept in context.blocked; when it is open the doors are recorded OPEN. The caller holds
// the arm.
boost::asio::awaitable<bool> may_move(LibraryContext& context);

// Why the robot does not move, for the request that waits. Only while context.blocked.
std::string why_blocked(const LibraryContext& context);

// Whether the command that has just failed failed because the library is open or paused; if so, as
// may_move() with result false. The caller holds the arm.
boost::asio::awaitable<bool> is_blocked(LibraryContext& context);

// For a library that is open without having been asked for, or paused: looks again. While it stays
// so the operator is asked, after MaxOpenSecs, to end it; once it is over the doors are recorded
// CLOSED, that request is completed, and the inventory is read anew before anything moves.
boost::asio::awaitable<void> look_at_doors(LibraryContext& context);

// When the operator is asked to close the doors if they are opened now, by the largest MaxOpenSecs
// of the library's doors; milliseconds of the engine's clock.
std::int64_t door_deadline(store::Reader& reader, const LibraryContext& context);

// Asks the operator to close the library, once: a NTMS_OPREQ_DEVICESERVICE about its first door,
// or about the library if it has none.
void ask_to_close(store::Writer& writer, const LibraryContext& context);

// The number of the newest operator request of all, 0 without any: those asked later are above it.
std::uint32_t newest_asked(store::Reader& reader);

// Whether somebody has completed such a request that was asked after number `after`.
bool was_answered(store::Reader& reader, const LibraryContext& context, std::uint32_t after);

// Records the doors CLOSED and completes that request.
void note_closed(store::Writer& writer, const LibraryContext& context);

}  // namespace ntms::operations
