// SPDX-License-Identifier: MIT
// Security descriptors of callers as values of our own (functions-media-services 12,
// functions-objects 10).
#pragma once

#include <ntmsapi.h>

#include <optional>

#include "base/error.h"
#include "security/rights.h"

namespace ntms::abi {

// The self-relative form of a caller's security descriptor, self-relative or absolute. `descriptor`
// is not null. Any thread. Error: ERROR_INVALID_PARAMETER when it is not well formed.
Result<security::StoredDescriptor> copy_descriptor(const void* descriptor);

// The descriptor in the security attributes for a new object; nothing without attributes, and with
// attributes that have none. Any thread.
// Error: ERROR_INVALID_PARAMETER when the structure or the descriptor is not valid.
Result<std::optional<security::StoredDescriptor>> copy_security_attributes(
    const SECURITY_ATTRIBUTES* attributes);

}  // namespace ntms::abi
