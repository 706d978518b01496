// SPDX-License-Identifier: MIT
// The security attributes that a caller gives for a new object (functions-media-services 12).
#pragma once

#include <ntmsapi.h>

#include "base/error.h"

namespace ntms::abi {

// Whether security attributes are valid: none at all, none but the structure, or a security
// descriptor, self-relative or absolute, whose owner, group and access control lists are well
// formed. Reads what they point to and keeps nothing. Any thread.
// Error: ERROR_INVALID_PARAMETER.
Result<void> check_security_attributes(const SECURITY_ATTRIBUTES* attributes);

}  // namespace ntms::abi
