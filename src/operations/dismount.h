// SPDX-License-Identifier: MIT
// Taking cartridges out of drives (contract: functions-library-control 7, concepts 8).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "operations/library_context.h"

namespace ntms::operations {

// The slot that the cartridge of a drive goes to: its home slot, or, when that is taken or unknown,
// any free one. Nothing when there is no room.
std::optional<model::Slot> slot_for_return(store::Reader& reader, const model::Drive& drive,
                                           const std::optional<model::PhysicalMedium>& medium);

// Records that a drive has let go of its cartridge, for the robot to take it.
Result<void> note_unloaded(LibraryContext& context, const Guid& drive);

// Unloads a drive and moves its cartridge to its home slot or, when that is taken or unknown, to
// any free one. Takes the arm. `request` keeps the intent until the outcome is stored; it is
// neither started nor finished here. A move that was under way before a change of owner is settled
// first. What the robot shows afterwards is recorded.
// Errors: ERROR_EMPTY when the drive is, ERROR_LIBRARY_FULL when there is no free slot, and what
// the robot's sense data means. ERROR_BUSY: the library is open, to be tried again.
boost::asio::awaitable<Result<void>> empty_drive(LibraryContext& context, Guid request, Guid drive);

// Carries out an NTMS_LM_DISMOUNT request made for a drive or for a medium. A deferred one becomes
// DEFERRED at first, and is carried out when this is called again. Ends PASSED or FAILED; WAITING
// while the library is open.
boost::asio::awaitable<void> run_dismount(LibraryContext& context, Guid request);

}  // namespace ntms::operations
