// SPDX-License-Identifier: MIT
// A mount into a drive that holds a cartridge nobody uses any more, with one command of the robot
// instead of two moves (contract: concepts 8 and 15; SMC-3 6.2, EXCHANGE MEDIUM).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Brings the cartridge of a mount from its slot into `drive`, and the one that is there to its home
// slot (to a free one, if that is taken; to the slot that becomes free, if there is none and both
// have bar codes). The drive is unloaded before, which may take minutes; the arm is taken only
// after that. `request` keeps the intent until the outcome is stored.
// Nothing is exchanged when the changer refused the command before or claims no exchange at all
// (mode page 1Fh), when one of the two is not where it is believed to be, or has to be turned over.
// What the robot did is read from its elements; in doubt the inventory is taken, and what the arm
// holds is brought home. Success says only that the caller may go on: whether the cartridge is in
// the drive stands in the database then, and if it is not, two moves are to be made. Errors:
// ERROR_BUSY when the library is open, to be tried again.
boost::asio::awaitable<Result<void>> exchange_in_drive(LibraryContext& context, Guid request,
                                                       Guid drive);

}  // namespace ntms::operations
