// SPDX-License-Identifier: MIT
// Inventory by element status (contract: functions-library-control 4, concepts 11).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Carries out an NTMS_LM_INVENTORY request: option 0 looks at every element, option 1 at the slots.
// Ends PASSED, FAILED with the reason, or STOPPED when a stop came before its result was stored.
boost::asio::awaitable<void> run_inventory(LibraryContext& context, Guid request);

}  // namespace ntms::operations
