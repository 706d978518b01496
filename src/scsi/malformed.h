// SPDX-License-Identifier: MIT
// The error of replies that cannot be understood.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace ntms::scsi {

inline constexpr std::uint32_t kErrorInvalidData = 13;  // ERROR_INVALID_DATA

// A failed Result for a reply that makes no sense. `reason` says which reply and why.
inline Error malformed(std::string reason) {
  return fail(kErrorInvalidData, std::move(reason));
}

}  // namespace ntms::scsi
