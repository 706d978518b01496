// SPDX-License-Identifier: MIT
// The database's tables and their versions (docs/database.md describes every table).
#pragma once

#include "store/connection.h"

namespace ntms::store {

// "NTMS", in the header of every database file of this library.
inline constexpr std::int64_t kApplicationId = 0x4E544D53;
inline constexpr std::int64_t kSchemaVersion = 5;

// Sets the options every connection works with. Throws SqlError.
void configure(Connection& connection);

// Creates the tables in an empty database, or brings an older schema up to date. The caller holds
// a write transaction. Errors: ERROR_DATABASE_FAILURE when the file is some other program's,
// RPC_S_NO_INTERFACES when a newer version of the library made it. Throws SqlError.
Result<void> migrate(Connection& connection);

}  // namespace ntms::store
