// SPDX-License-Identifier: MIT
// The log: a rotating file "ntms.log" in the data directory, level by NTMS_LOG.
#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <memory>

namespace ntms::runtime {

using Log = std::shared_ptr<spdlog::logger>;

// Opens the log of a data directory: at most four files of 5 MiB. NTMS_LOG sets the level (trace,
// debug, info, warn, error, critical, off; default info). A log that cannot be opened stays
// silent: logging must not be what keeps a library from working. On Windows warnings and errors
// also go to the system's event log (runtime/events.h). The logger is in no registry, so that
// nothing of it outlives the library in a foreign process.
Log open_log(const std::filesystem::path& directory);

}  // namespace ntms::runtime
