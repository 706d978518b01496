// SPDX-License-Identifier: MIT
// One request's work with a cartridge in the drive that was chosen for it: what mounting, preparing
// and identifying have in common (contract: concepts 7 and 8).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

struct Job {
  Guid request;
  Guid drive;
  std::uint16_t element = 0;  // the drive's element address
  Guid side;  // to be up in the drive; null: the request's, if it has one, or the first
  // The cartridge lies in its slot with the other side up, as its label has told, whatever the
  // robot tells.
  bool turned = false;
};

// Brings the request's cartridge into the drive with the right side up and loads it, whatever has
// to be done before: one that is in a drive with its other side up goes home first. False when the
// request has ended (ERROR_RESOURCE_NOT_AVAILABLE: the arm does not turn media over), waits, or is
// left to the next owner.
boost::asio::awaitable<bool> put_in_place(LibraryContext& context, const Job& job);

// The last command to the job's drive has failed: see note_drive_trouble().
void note_trouble_of(LibraryContext& context, const Job& job);

// The cartridge is not used in the drive any more (in the caller's transaction): it is to be taken
// out.
void record_failed_load(store::Writer& writer, const Job& job);

// Takes the cartridge home. What cannot be done is logged; the cartridge stays in the drive then.
boost::asio::awaitable<void> take_home(LibraryContext& context, const Job& job);

// Takes the cartridge home from `drive`, to be brought in with its other side up or into another
// drive: it stays in use. Errors: as empty_drive().
boost::asio::awaitable<Result<void>> bring_home(LibraryContext& context, const Job& job,
                                                Guid drive);

// Takes the cartridge out again and ends the request. Sides that a drive cannot use, as was found
// at their identification (ERROR_MEDIA_INCOMPATIBLE), are INCOMPATIBLE from then on.
boost::asio::awaitable<void> undo(LibraryContext& context, const Job& job, std::uint32_t state,
                                  Error error);

}  // namespace ntms::operations
