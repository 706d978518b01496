// SPDX-License-Identifier: MIT
// What the exports share in checking arguments and handing out results.
#pragma once

#include <string>

#include "boundary.h"

namespace ntms::abi {

// The error of a required pointer that is NULL.
inline Result<void> missing(const char* what) {
  return fail(ERROR_INVALID_PARAMETER, std::string(what) + " is missing");
}

// Writes an operation's id to the caller, if there is one; a failed call writes nothing.
inline Result<void> hand_out(const Result<Guid>& operation, LPNTMS_GUID out) {
  if (!operation) return operation.error();
  *out = from_guid(*operation);
  return {};
}

}  // namespace ntms::abi
