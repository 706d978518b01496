// SPDX-License-Identifier: MIT
// Whose label it is (contract: media-labels 4).
#pragma once

#include <optional>

#include "labels/label.h"
#include "labels/label_libraries.h"

namespace ntms::labels {

// The label of a tape that begins with this block: the free label first, then what the installed
// libraries claim, then the formats known here. Nothing when nobody knows it. Thread safe; may take
// as long as the libraries are allowed to.
std::optional<Label> recognize(Block block, const LabelLibraries& libraries, const Report& report);

}  // namespace ntms::labels
