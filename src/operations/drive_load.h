// SPDX-License-Identifier: MIT
// Loading the cartridge that lies in a drive, and waiting for it.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/drive_job.h"

namespace ntms::operations {

// Loads the cartridge that is in the job's drive and waits until the drive is ready: 15 minutes, or
// 2 hours and 30 minutes where it may be preparing a new LTO-9 cartridge for its first use. From
// the first minute on the request's reason tells what is being waited for. The arm is not to be
// held meanwhile. Errors: ERROR_CANCELLED when the request shall end or the engine leaves;
// ERROR_DEVICE_NOT_AVAILABLE when the drive is not reached any more; ERROR_EMPTY when it has no
// cartridge to load; ERROR_MEDIA_INCOMPATIBLE; ERROR_UNABLE_TO_LOAD_MEDIUM.
boost::asio::awaitable<Result<void>> load_in_drive(LibraryContext& context, const Job& job);

}  // namespace ntms::operations
