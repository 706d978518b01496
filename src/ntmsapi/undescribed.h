// SPDX-License-Identifier: MIT
// The answer of exports that no public source describes: never silence, always a documented code.
// docs/compatibility.md lists these exports as "undescribed".
#pragma once

#include <ntmsapi.h>

namespace ntms::abi {

// Answers for such an export: returns ERROR_CALL_NOT_IMPLEMENTED.
//   name  the export's name, a string literal; logged at its first call in the process
// Any thread; never throws.
DWORD undescribed(const char* name) noexcept;

}  // namespace ntms::abi
