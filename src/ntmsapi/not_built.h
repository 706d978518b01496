// SPDX-License-Identifier: MIT
// The answer of exports whose work is not built yet: never silence, always a documented code.
// docs/compatibility.md lists these exports as "not yet".
#pragma once

#include <ntmsapi.h>

namespace ntms::abi {

// Answers for an export that takes a session. Touches nothing but the handle table.
//   session  the caller's session handle, any value
//   name     the export's name, a string literal; logged at its first call in the process
// Returns ERROR_INVALID_HANDLE when the session is not open, else ERROR_CALL_NOT_IMPLEMENTED.
// Any thread; never throws.
DWORD not_built(HANDLE session, const char* name) noexcept;

// The same for an export without a session: returns ERROR_CALL_NOT_IMPLEMENTED.
// Any thread; never throws.
DWORD not_built_sessionless(const char* name) noexcept;

}  // namespace ntms::abi
