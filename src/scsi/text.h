// SPDX-License-Identifier: MIT
// Text fields of SCSI data: fixed width, padded, and not always what the standard allows.
#pragma once

#include <string>

#include "scsi/bytes.h"

namespace ntms::scsi {

// The text of a padded field: ends at the first NUL, trailing blanks removed, every byte that is
// not printable ASCII replaced by '?'. Leading blanks stay.
std::string text_field(Bytes field);

// The bytes as upper-case hex digits, two per byte.
std::string hex_field(Bytes field);

// Removes blanks at both ends.
std::string trimmed(std::string text);

}  // namespace ntms::scsi
