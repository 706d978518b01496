// SPDX-License-Identifier: MIT
// From GetLastError() to the library's errors. Inside the platform layer only.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "ntms/win32_types.h"

namespace ntms::platform {

// The system's words for a Win32 error code, in UTF-8 and without a line end; the number when it
// has none.
std::string words_of(std::uint32_t error);

// "`what`: <the system's words>" with the code that fits `error` (a GetLastError() value):
// ERROR_ACCESS_DENIED for missing permission and write-protected volumes,
// ERROR_SHARING_VIOLATION when another process uses the file, ERROR_NOT_ENOUGH_MEMORY for exhausted
// resources, ERROR_DATABASE_FULL for a full disk, and `otherwise` for everything else.
Error last_error(std::uint32_t error, const std::string& what,
                 std::uint32_t otherwise = ERROR_DATABASE_FAILURE);

}  // namespace ntms::platform
