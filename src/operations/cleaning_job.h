// SPDX-License-Identifier: MIT
// What the parts of a cleaning share: what it is about, and its steps in the drive.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "operations/library_context.h"

namespace ntms::operations {

// A cleaning as it is to be carried out or gone on with.
struct CleaningJob {
  Guid request;
  Guid drive;
  Guid cleaner;
  Guid slot;
  std::uint16_t drive_element = 0;
  std::uint16_t slot_element = 0;
  std::string bar_code;
  // As the last owner has left them:
  model::Phase phase = model::Phase::none;
  std::uint16_t source = 0;
  std::uint32_t outcome = 0;  // code of a cleaning that has ended, with Phase::moving_home
};

// Brings the cleaner into the drive, which is emptied first. False when the request has ended over
// it, waits, or is left to the next owner.
boost::asio::awaitable<bool> bring_cleaner_in(LibraryContext& context, const CleaningJob& job);

// Waits until the drive has finished with the cleaner. Code 0: it is clean;
// ERROR_CLEANER_CARTRIDGE_SPENT, ERROR_INVALID_CLEANER, ERROR_UNABLE_TO_CLEAN with the reason.
// Nothing when the engine is leaving.
boost::asio::awaitable<std::optional<Error>> wait_until_clean(LibraryContext& context,
                                                              const CleaningJob& job);

// Takes the cleaner home; `outcome` is kept with the request meanwhile. False when that is left for
// later, or the request has ended over it.
boost::asio::awaitable<bool> take_cleaner_home(LibraryContext& context, const CleaningJob& job,
                                               const Error& outcome);

// Ends the request, or has it wait with nothing begun (NTMS_LM_WAITING).
void end_cleaning(LibraryContext& context, const CleaningJob& job, std::uint32_t state,
                  const Error& error);

}  // namespace ntms::operations
