// SPDX-License-Identifier: MIT
// Cleaning drives (contract: functions-library-control 6; concepts 8 and 14).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

// How long a drive may take to clean itself, on the engine's clock. Drives need a few minutes.
inline constexpr std::int64_t kCleaningLimitMs = 30 * 60 * 1000;

// Carries out an NTMS_LM_CLEANDRIVE request: a cartridge that nobody uses is taken out of the drive
// first, the cleaner is brought from its slot, and taken home when the drive has finished; the arm
// is free meanwhile. Ends PASSED or FAILED; WAITING while the drive is in use, the library is open,
// or there is no cleaner that can be used, which is then asked for. Picks up at every phase what
// another owner has left.
boost::asio::awaitable<void> run_cleaning(LibraryContext& context, Guid request);

}  // namespace ntms::operations
