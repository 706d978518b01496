// SPDX-License-Identifier: MIT
// From errno to the library's errors. Inside the platform layer only.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "ntms/win32_types.h"

namespace ntms::platform {

// "`what`: <the system's words>" with the Win32 code that fits `error` (an errno value):
// ERROR_ACCESS_DENIED for missing permission, a read-only file system and a refused symbolic link,
// ERROR_NOT_ENOUGH_MEMORY for exhausted memory or descriptors, ERROR_DATABASE_FULL for a full disk,
// and `otherwise` for everything else.
Error errno_error(int error, const std::string& what,
                  std::uint32_t otherwise = ERROR_DATABASE_FAILURE);

}  // namespace ntms::platform
