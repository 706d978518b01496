// SPDX-License-Identifier: MIT
// Carrying out NTMS_LM_WRITESCRATCH: the free labels of a cartridge (contract: concepts 6;
// functions-media-services 16; media-labels 7). What the request is made of stands in free_pool.h.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/drive_job.h"
#include "operations/library_context.h"

namespace ntms::operations {

// Writes the free label on every side that waits for one, turning the cartridge over in between,
// takes it home, and has it in the free pool then. What has been written is recorded side by side,
// so that a request that fails at the second side, or is begun anew by another owner, knows the
// label on the first. Ends PASSED, FAILED or CANCELLED; WAITING while the library is open.
// ERROR_RESOURCE_NOT_AVAILABLE: a side is to be labelled that the arm cannot turn up; nothing has
// been moved then.
boost::asio::awaitable<void> prepare(LibraryContext& context, const Job& job);

}  // namespace ntms::operations
