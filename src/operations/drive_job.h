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
};

// Brings the request's cartridge into the drive and loads it, whatever has to be done before. False
// when the request has ended, waits, or is left to the next owner.
boost::asio::awaitable<bool> put_in_place(LibraryContext& context, const Job& job);

// The cartridge is not used in the drive any more (in the caller's transaction): it is to be taken
// out.
void record_failed_load(store::Writer& writer, const Job& job);

// Takes the cartridge home. What cannot be done is logged; the cartridge stays in the drive then.
boost::asio::awaitable<void> take_home(LibraryContext& context, const Job& job);

// Takes the cartridge out again and ends the request. Sides that a drive cannot use, as was found
// at their identification (ERROR_MEDIA_INCOMPATIBLE), are INCOMPATIBLE from then on.
boost::asio::awaitable<void> undo(LibraryContext& context, const Job& job, std::uint32_t state,
                                  Error error);

}  // namespace ntms::operations
