// SPDX-License-Identifier: MIT
// Where Windows keeps what all accounts share. Inside the platform layer only.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace ntms::platform {

// The directory for data of programs that belongs to no account, usually C:\ProgramData. It is
// asked of Windows and not of the environment, which may differ from process to process. Error:
// ERROR_DATABASE_FAILURE when Windows does not tell. Thread safe.
Result<std::filesystem::path> program_data();

}  // namespace ntms::platform
