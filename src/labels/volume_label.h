// SPDX-License-Identifier: MIT
// Tapes that begin with a volume label of 80 characters: ANSI X3.27 in ASCII, IBM standard labels
// in EBCDIC, and LTFS (LTFS Format Specification, "VOL1 Label"), which uses the ANSI form.
#pragma once

#include <optional>

#include "labels/label.h"

namespace ntms::labels {

// The label of such a tape: the id is the volume identifier, or a digest of the label where that is
// blank; info is the volume identifier, followed by the owner's name where there is one. Nothing
// for any other block. Pure; any thread; any bytes.
std::optional<Label> claim_volume_label(Block block);

}  // namespace ntms::labels
