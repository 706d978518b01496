// SPDX-License-Identifier: MIT
// Drives that fail: out of use, with the reason in words, until they work again (contract:
// concepts 4.1; hardware-notes 1).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "device/sense_action.h"
#include "operations/library_context.h"

namespace ntms::operations {

// A command to the drive at this element has failed, or one to the changer that concerns it. What
// follows is for the drive alone; of a drive that stands alone its library tells.
//  - No answer: the drive is NTMS_NOT_PRESENT, its DriveMapping says why, and it is asked again
//  from
//    time to time (look_at_drives).
//  - A hardware error, or no drive in the bay: NTMS_NEEDS_SERVICE, and the operator is asked for
//  it.
// Nothing happens after any other end of a command. Trouble with the database is logged.
void note_drive_trouble(LibraryContext& context, std::uint16_t element,
                        const device::Verdict& verdict);

// A move between two elements has failed: the changer may have said that the drive at one of them
// is not there, which is noted as above.
void note_move_trouble(LibraryContext& context, std::uint16_t from, std::uint16_t to,
                       const device::Verdict& verdict);

// The operator has seen to the drive, or somebody has enabled it: it may be used again. What was
// asked for it is done.
void note_drive_working(store::Writer& writer, model::Drive drive);

// Whether a drive has to be looked at: one that did not answer, or one whose service the operator
// has completed.
bool is_drive_in_question(store::Reader& reader, const LibraryContext& context);

// Asks those drives whether they answer; those that do may be used again. Drives that still fail
// are asked for anew. Takes no longer than the drives take to answer.
boost::asio::awaitable<void> look_at_drives(LibraryContext& context);

}  // namespace ntms::operations
