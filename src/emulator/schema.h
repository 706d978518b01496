// SPDX-License-Identifier: MIT
// The tables of a library file. docs/emulator.md explains them.
#pragma once

#include <cstdint>

#include "emulator/sqlite.h"

namespace ntms::emulator {

inline constexpr std::int64_t kApplicationId = 0x4E544D45;  // "NTME"
inline constexpr std::int64_t kSchemaVersion = 4;

// The scripts that bring a file of a version to the next one; to be run in a transaction.
extern const char* const kUpgradeFrom1;
extern const char* const kUpgradeFrom2;
extern const char* const kUpgradeFrom3;

// The script that makes an empty file a library file, without its geometry.
extern const char* const kSchema;

// The Win32 error code for a file that could not be opened.
std::uint32_t open_error_code(const SqliteError& error);

}  // namespace ntms::emulator
