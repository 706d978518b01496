// SPDX-License-Identifier: MIT
// Tapes that begin with a tar archive (POSIX.1-1988 ustar, GNU tar, and tar of the seventh
// edition).
#pragma once

#include <optional>

#include "labels/label.h"

namespace ntms::labels {

// The label of a tape whose first block begins with a tar header: info is the name of the first
// member, or the volume label of GNU tar; the id is a digest of the header. Nothing when the
// header's checksum is wrong. Pure; any thread; any bytes.
std::optional<Label> claim_tar(Block block);

}  // namespace ntms::labels
